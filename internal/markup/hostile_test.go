package markup

import "testing"

// checkRendered renders each case's HTML and compares.
func checkRendered(t *testing.T, cases [][2]string) {
	t.Helper()
	for _, c := range cases {
		got, err := Render(c[0], HTML, page)
		if err != nil || got != c[1] {
			t.Errorf("%s\ngives %s, %v\nwant  %s", c[0], got, err, c[1])
		}
		checkSafe(t, got)
	}
}

// What people who mean harm write, after OWASP's list of what gets past filters, and after what got past sanitisers because a
// parser read their result otherwise.
func TestHostile(t *testing.T) {
	checkRendered(t, [][2]string{
		// scripts
		{`<SCRIPT SRC=https://x.example/a.js></SCRIPT>a`, `a`},
		{`<script>alert(1)</script >a`, `a`},
		{`<scr<script>ipt>alert(1)</script>`, ``},
		{`<script/x src="//x.example/a.js"></script>a`, `a`},
		{`<<script>alert(1)//\<</script>`, `&lt;`},
		{`<script src=https://x.example/a.js?<b>`, ``},
		{`a</TITLE><SCRIPT>alert(1)</SCRIPT>`, `a`},
		{`<style>@import'https://x.example/a.css';</style>a<style>`, `a`},
		{`<link rel=stylesheet href="javascript:alert(1)">a`, `a`},
		{`<meta http-equiv=refresh content="0;url=data:text/html,<script>alert(1)</script>">a`, `a`},
		{`<base href="https://x.example/"><a href=b>a</a>`, `<a href="https://valmont.example/agenda/foire/b">a</a>`},
		{`<object type="text/x-scriptlet" data="https://x.example/a.html"></object>`, `<a href="https://x.example/a.html">https://x.example/a.html</a>`},
		{`<embed src="data:image/svg+xml;base64,PHN2Zz4=" title="Plan">`, `Plan`},
		{`<iframe src="javascript:alert(1)"></iframe><iframe srcdoc="<script>alert(1)</script>" title="Carte"></iframe>`, `Carte`},
		{`<frameset><frame src="javascript:alert(1)"></frameset>a`, `a`},
		{`<form action="javascript:alert(1)"><input type=image src=x onerror=alert(1)><button formaction="javascript:alert(1)">b</button>a</form>`, `<section>a</section>`},
		{`<isindex action=javascript:alert(1) type=image>a`, `a`},
		{`<template><img src=x onerror=alert(1)></template>a`, `a`},
		{`<noscript><p title="</noscript><img src=x onerror=alert(1)>">a`, `<img src="https://valmont.example/agenda/foire/x"/>&#34;&gt;a`},
		{`<xml id=x><i><b>&lt;img src=1 onerror=alert(1)&gt;</b></i></xml><span datasrc="#x" datafld="b" dataformatas="HTML">a</span>`, `<i><b>&lt;img src=1 onerror=alert(1)&gt;</b></i><span>a</span>`},
		// handlers and styles
		{`<img src=/a.png onerror="alert(1)" alt=b>`, `<img src="https://valmont.example/a.png" alt="b"/>`},
		{`<IMG """><SCRIPT>alert(1)</SCRIPT>">a`, `&#34;&gt;a`},
		{`<img src=/a.png/onerror=alert(1)>`, `<img src="https://valmont.example/a.png/onerror=alert(1)"/>`},
		{"<img/src=/a.png\tonerror=alert(1)>", `<img src="https://valmont.example/a.png"/>`},
		{`<p onclick=alert(1) ONMOUSEOVER=alert(1) on\x=1 style="background:url(/a.png)" class=b id=c>a</p>`, `<p>a</p>`},
		{`<body onload=alert(1) background="javascript:alert(1)">a`, `a`},
		{`<b/alt="1"onmouseover=alert(1)/style=position:fixed>a</b>`, `<b>a</b>`},
		{`<div style="background-image:url(javascript:alert(1));width:expression(alert(1));-moz-binding:url(//x)">a</div>`, `<div>a</div>`},
		{`<details open ontoggle=alert(1)><summary>a</summary>b</details>`, `<details open=""><summary>a</summary>b</details>`},
		{`<marquee onstart=alert(1)>a</marquee>`, `a`},
		{`<video onerror=alert(1)><source src=javascript:alert(1)>a</video>`, `a`},
		{`<a href=/b target=_blank ping="//x.example/" download rel=opener>a</a>`, `<a href="https://valmont.example/b">a</a>`},
		{`<input autofocus onfocus=alert(1)>a<keygen autofocus onfocus=alert(1)><select onfocus=alert(1) autofocus><option>b`, `a`},
		// addresses that act
		{`<a href="javascript:alert(1)">a</a>`, `a`},
		{`<a href="JaVaScRiPt:alert(1)">a</a>`, `a`},
		{"<a href=\"jav\tascript:alert(1)\">a</a>", `a`},
		{`<a href="jav&#x0A;ascript:alert(1)">a</a>`, `a`},
		{`<a href=" &#14;  javascript:alert(1)">a</a>`, `a`},
		{`<a href="java&#0;script:alert(1)">a</a>`, `a`},
		{`<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">a</a>`, `a`},
		{`<a href="javascript&colon;alert(1)">a</a>`, `a`},
		{`<a href="feed:javascript:alert(1)">a</a>`, `a`},
		{`<a href="view-source:javascript:alert(1)">a</a>`, `a`},
		{`<a href="vbscript:msgbox(1)">a</a>`, `a`},
		{`<a href="livescript:alert(1)">a</a>`, `a`},
		{`<a href="data:text/html;base64,PHNjcmlwdD4=">a</a>`, `a`},
		{`<a href="blob:https://valmont.example/1">a</a>`, `a`},
		{`<a href="file:///etc/passwd">a</a>`, `a`},
		{`<a href="//x.example@valmont.example/">a</a>`, `<a href="https://x.example@valmont.example/">a</a>`},
		{`<a href="https:javascript:alert(1)">a</a>`, `a`},
		{`<img src="javascript:alert(1)" alt="Plan">`, `Plan`},
		{`<img dynsrc="javascript:alert(1)" lowsrc="javascript:alert(1)">a`, `a`},
		{`<img srcset="javascript:alert(1) 1x, data:image/svg+xml,x 2x" alt=a>`, `a`},
		{`<q cite="javascript:alert(1)">a</q>`, `<q>a</q>`},
		{`<video src=/v.mp4 poster="javascript:alert(1)"></video>`, `<video src="https://valmont.example/v.mp4" controls=""></video>`},
		// drawings and formulas, one parser in another
		{`<svg onload=alert(1)>`, ``},
		{`<svg><script>alert(1)</script></svg>a`, `a`},
		{`<svg><a xlink:href="javascript:alert(1)"><text>b</text></a></svg>a`, `a`},
		{`<svg><use href="data:image/svg+xml,<svg id='x'>#x"/><image href=/a.png></svg>a`, `a`},
		{`<svg><animate attributeName=href values=javascript:alert(1) /></svg>a`, `a`},
		{`<svg><style><a title="</style><img src=x onerror=alert(1)>">`, `<img src="https://valmont.example/agenda/foire/x"/>&#34;&gt;`},
		{`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`, `<img src="https://valmont.example/agenda/foire/1"/>&#34;&gt;`},
		{`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`, ``},
		{`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`, ``},
		{`<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style>`, ``},
		{`<math href="javascript:alert(1)">a</math>`, `a`},
		{`<svg><foreignObject><iframe src="javascript:alert(1)">a</iframe></foreignObject></svg>`, ``},
		{`<svg><![CDATA[<img src=x onerror=alert(1)>]]></svg>a`, `a`},
		{`<table><td><svg><desc><td><b title="</desc></svg><img src=x onerror=alert(1)>">a`, `<table><tbody><tr><td></td><td><b title="&lt;/desc&gt;&lt;/svg&gt;&lt;img src=x onerror=alert(1)&gt;">a</b></td></tr></tbody></table>`},
		// text that a parser may take for markup
		{`<xmp><img src=x onerror=alert(1)></xmp>`, `<pre>&lt;img src=x onerror=alert(1)&gt;</pre>`},
		{`<plaintext><img src=x onerror=alert(1)>`, `<pre>&lt;img src=x onerror=alert(1)&gt;</pre>`},
		{`<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>a`, `<img src="https://valmont.example/agenda/foire/x"/>&#34;&gt;a`},
		{`<textarea></textarea><img title="<textarea><img src=x onerror=alert(1)>">`, ``},
		{`<!--[if gte IE 4]><script>alert(1)</script><![endif]-->a`, `a`},
		{`<!--><img src=x onerror=alert(1)>-->`, `<img src="https://valmont.example/agenda/foire/x"/>--&gt;`},
		{`<!-- --!><img src=/a.png onerror=alert(1)> -->`, ``},
		{`<![CDATA[<img src=/a.png onerror=alert(1)>]]>`, `]]&gt;`},
		{`<?xml version="1.0"?><?php echo '<script>' ?>a`, `&#39; ?&gt;a`},
		{`<!DOCTYPE html><html><head><title>t</title></head><body>a</body></html>`, `a`},
		{`&lt;script&gt;alert(1)&lt;/script&gt;`, `&lt;script&gt;alert(1)&lt;/script&gt;`},
		{`<p title="&lt;img src=x onerror=alert(1)&gt;">a</p>`, `<p title="&lt;img src=x onerror=alert(1)&gt;">a</p>`},
		{`<a title="&quot; onclick=alert(1) x=&quot;" href=/b>a</a>`, `<a href="https://valmont.example/b" title="&#34; onclick=alert(1) x=&#34;">a</a>`},
		{`+ADw-script+AD4-alert(1)+ADw-/script+AD4-`, `+ADw-script+AD4-alert(1)+ADw-/script+AD4-`},
		{`<％73cript>a`, `&lt;％73cript&gt;a`},
		{"<p\t>a<p", `<p>a</p>`},
		{`<b <img src=x onerror=alert(1)>a`, `<b>a</b>`},
	})
}
