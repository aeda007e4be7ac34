package markup

import "testing"

// Every attribute that holds an address is absolute, or gone.
func TestAddresses(t *testing.T) {
	checkRendered(t, [][2]string{
		{`<a href="b c/é.pdf">a</a>`, `<a href="https://valmont.example/agenda/foire/b%20c/%C3%A9.pdf">a</a>`},
		{`<a href=" /b%20c?d=é&amp;e=%zz#f g ">a</a>`, `<a href="https://valmont.example/b%20c?d=%C3%A9&amp;e=%25zz#f%20g">a</a>`},
		{`<a href="//x.example/b">a</a>`, `<a href="https://x.example/b">a</a>`},
		{`<a href="?page=2">a</a>`, `<a href="https://valmont.example/agenda/foire/?page=2">a</a>`},
		{`<a href="#bas">a</a>`, `<a href="https://valmont.example/agenda/foire/#bas">a</a>`},
		{`<a href="">a</a> <a>b</a> <a name=c>d</a>`, `a b d`},
		{`<a href="https://mairie-évian.example/é">a</a>`, `<a href="https://xn--mairie-vian-hbb.example/%C3%A9">a</a>`},
		{`<a href="mailto:a@valmont.example?subject=à b">a</a>`, `<a href="mailto:a@valmont.example?subject=%C3%A0%20b">a</a>`},
		{`<a href="tel:+33 1 23">a</a>`, `<a href="tel:+33123">a</a>`},
		{`<a href="geo:48.85,2.35;u=10?q=place du Marché">a</a> <a href="geo:ici">b</a>`, `<a href="geo:48.85,2.35;u=10?q=place%20du%20March%C3%A9">a</a> b`},
		{`<a href="webcal://valmont.example/agenda.ics">a</a>`, `<a href="webcal://valmont.example/agenda.ics">a</a>`},
		{`<img src="/b c.png" alt="d" longdesc=/e usemap=#f ismap width=10 height=20 loading=lazy style="content:url(/g)">`, `<img src="https://valmont.example/b%20c.png" alt="d" width="10" height="20"/>`},
		{`<img src=/b.png srcset="/c,d_1.png 1x,/e.png 1.5x , f.png 2x" sizes="(max-width: 30em) 100vw, 50vw">`, `<img src="https://valmont.example/b.png" srcset="https://valmont.example/c,d_1.png 1x, https://valmont.example/e.png 1.5x, https://valmont.example/agenda/foire/f.png 2x" sizes="(max-width: 30em) 100vw, 50vw"/>`},
		{`<img srcset="/b.png, , /c.png 0.5x, /d.png 100w 50h, /e.png (f, g) 2x, data:image/png;base64,AA== 3x,">`, `<img srcset="https://valmont.example/b.png, https://valmont.example/c.png 0.5x, https://valmont.example/d.png 100w 50h"/>`},
		{`<img src="data:image/png;base64,AAAA" alt="Plan du site"> <img src="data:image/png;base64,AAAA">`, `Plan du site`},
		{`<img src="data:image/gif;base64,R0lGOD" data-src="/b.png" data-srcset="/c.png 2x" alt="d">`, `<img alt="d" src="https://valmont.example/b.png" srcset="https://valmont.example/c.png 2x"/>`},
		{`<picture><source srcset="/b.webp 1x" type=image/webp><img src=/b.png alt=c></picture>`, `<picture><source srcset="https://valmont.example/b.webp 1x" type="image/webp"/><img src="https://valmont.example/b.png" alt="c"/></picture>`},
		{`<video src=/b.mp4 poster=/c.png><track src=/d.vtt srclang=fr></video>`, `<video src="https://valmont.example/b.mp4" poster="https://valmont.example/c.png" controls=""><track src="https://valmont.example/d.vtt" srclang="fr"/></video>`},
		{`<audio controls><source src=/b.mp3><source src=data:audio/mp3,x>a</audio>`, `<audio controls=""><source src="https://valmont.example/b.mp3"/>a</audio>`},
		{`<video>Votre lecteur n’affiche pas de film.</video>`, `Votre lecteur n’affiche pas de film.`},
		{`<blockquote cite=/b>a</blockquote><q cite=c>a</q><del cite=d>a</del><ins cite=e datetime=2027-05-08>a</ins>`, `<blockquote cite="https://valmont.example/b">a</blockquote><q cite="https://valmont.example/agenda/foire/c">a</q><del cite="https://valmont.example/agenda/foire/d">a</del><ins cite="https://valmont.example/agenda/foire/e" datetime="2027-05-08">a</ins>`},
		{`<iframe src=/carte title="Le plan"></iframe> <iframe src=//x.example/v></iframe> <iframe></iframe>`, `<a href="https://valmont.example/carte">Le plan</a> <a href="https://x.example/v">https://x.example/v</a>`},
		{`<object data=/b.pdf><p>Le <a href=/b.pdf>plan</a></p></object> <object data=/c.pdf title=Carte></object> <embed src=/d.pdf>`, `<p>Le <a href="https://valmont.example/b.pdf">plan</a></p> <a href="https://valmont.example/c.pdf">Carte</a> <a href="https://valmont.example/d.pdf">https://valmont.example/d.pdf</a>`},
		{`<map name=f><area href=/b alt=c></map>a`, `a`},
		{`<table background=/b><tr><td background=/c>a</table>`, `<table><tbody><tr><td>a</td></tr></tbody></table>`},
		{`<form action=/b><button formaction=/c>d</button>a</form>`, `<section>a</section>`},
		{`<svg aria-label="Nord"><image href=/b.png /><use xlink:href="/c.svg#d"/></svg> <a href=/e><svg><title>Flèche</title></svg></a>`, `Nord <a href="https://valmont.example/e">Flèche</a>`},
		{`<svg><title>a&#1;b</title></svg><svg aria-label="c&#x7f;"></svg><a href=/d title="e&#2;"></a>`, `abc<a href="https://valmont.example/d" title="e">e</a>`},
		{`<math alttext="x²"><mi>x</mi></math> <math><semantics><mi>y</mi><annotation>\y</annotation></semantics></math>`, `x² y`},
		{`<p style="background:image-set('/b.png' 1x);list-style:url(/c)">a</p><style>@import url(/d);</style><link rel=preload imagesrcset="/e 1x">`, `<p>a</p>`},
		{`<h2>Programme <a href=#programme title=Lien></a></h2><a href=https://x.example/b><i class=icon></i></a> <a href=/c title=Flux></a> <a href=/d></a>`, `<h2>Programme </h2><a href="https://x.example/b">https://x.example/b</a> <a href="https://valmont.example/c" title="Flux">Flux</a>`},
	})
}

// What a page does not show is not shown elsewhere, and what would run together keeps apart.
func TestShown(t *testing.T) {
	checkRendered(t, [][2]string{
		{`<p hidden>a</p><div style="color: red; DISPLAY : none">b</div><p hidden=until-found>c</p>`, `<p>c</p>`},
		{`a<b> </b>b 9<span>&nbsp;</span>h<p>&nbsp;</p>`, `a b 9 h`},
		{`<address>a</address><center>b</center><menu><li>c</menu><font>d</font><x-e>f</x-e>`, `<section>a</section><section>b</section><ul><li>c</li></ul>df`},
	})
}

// What is left open is closed, what is misnested is sorted out, and entities are decoded once.
func TestWellFormed(t *testing.T) {
	checkRendered(t, [][2]string{
		{`<p>a<div>b<ul><li>c<li>d`, `<p>a</p><div>b<ul><li>c</li><li>d</li></ul></div>`},
		{`<b>a<i>b</b>c</i>`, `<b>a<i>b</i></b><i>c</i>`},
		{`<a href=/b><p>a<a href=/c>d`, `<p><a href="https://valmont.example/b">a</a><a href="https://valmont.example/c">d</a></p>`},
		{`<ul><li>a<form><li>b</form></ul>`, `<ul><li>a<section><li>b</li></section></li></ul>`},
		{`<table><b>a<tr><td>b`, `<b>a</b><table><tbody><tr><td>b</td></tr></tbody></table>`},
		{"<pre><font>\na</font></pre>", "<pre>\n\na</pre>"},
		{`<p title='a &amp;lt; b' lang=fr dir=rtl>&amp;lt; &lt;b&gt; &eacute; &#8217; &#x1; &copy a&b</p>`, `<p title="a &amp;lt; b" lang="fr" dir="rtl">&amp;lt; &lt;b&gt; é ’  © a&amp;b</p>`},
	})
}
