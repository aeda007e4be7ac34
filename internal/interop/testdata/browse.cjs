// Looks at the pages of a site with Chromium: node browse.cjs BASE DIR, where the
// modules playwright-core and axe-core are on NODE_PATH and DIR takes pictures. It
// prints what it saw, a JSON object a line.
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const [base, dir, ...pages] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const say = (what, page, seen) => console.log(JSON.stringify({ what, page, ...seen }));

async function open(context, name) {
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (m) => m.type() === "error" && page.faults.push(m.text()));
  page.on("pageerror", (e) => page.faults.push(String(e)));
  page.on("request", (r) => {
    if (!r.url().startsWith(base) && !r.url().startsWith("data:")) page.faults.push("asks for " + r.url());
  });
  const answer = await page.goto(base + name);
  if (!answer.ok()) throw new Error(`${name}: ${answer.status()}`);
  page.bytes = (await answer.body()).length;
  return page;
}

// look reads a page with axe, and measures it.
async function look(browser, name, options) {
  const context = await browser.newContext({ ...options, bypassCSP: true }); // for axe
  const page = await open(context, name);
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  await page.evaluate(axe);
  const violations = await page.evaluate(async (rules) => {
    const found = await axe.run(document, { runOnly: rules });
    return found.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target + " " + n.failureSummary).join("; "));
  }, rules);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const broken = await page.evaluate(() =>
    [...document.querySelectorAll("th, dt, nav a, .button, label")].filter((e) => {
      const text = document.createTreeWalker(e, NodeFilter.SHOW_TEXT).nextNode();
      const word = document.createRange();
      if (text) word.selectNodeContents(text);
      return text && /^\S{1,20}$/.test(e.textContent) && new Set([...word.getClientRects()].map((r) => r.top)).size > 1;
    }).map((e) => `breaks ${e.textContent} in two`));
  const marked = await page.evaluate(() =>
    [...document.querySelectorAll("header nav a:not([aria-current])")].filter((e) => {
      const c = getComputedStyle(e).borderBottomColor;
      return !c.endsWith(", 0)") && c !== getComputedStyle(document.body).backgroundColor;
    }).map((e) => `marks ${e.textContent} as if it were this page`));
  say("look", name, { options: JSON.stringify(options), faults: page.faults.concat(violations, broken, marked, wide > 0 ? [`is ${wide} pixels too wide`] : []), bytes: page.bytes });
  await context.close();
}

// press walks through a page with the Tab key, and presses Enter where act says so.
async function press(page, act) {
  const stops = [];
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const box = e.getBoundingClientRect();
      const style = getComputedStyle(e);
      return {
        tag: e.tagName.toLowerCase(), type: e.type || "", name: (e.getAttribute("aria-label") || e.textContent || e.value || "").trim(),
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      };
    });
    if (!stop) break;
    stops.push(stop);
    if (act) await act(stop);
  }
  return stops;
}

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  for (const name of pages) {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [320, 390, 640, 1280]) { // 1280 pixels at 400 %, a telephone, 200 %, a desk
        await look(browser, name, { viewport: { width, height: 900 }, colorScheme });
      }
    }
    await look(browser, name, { viewport: { width: 1280, height: 900 }, forcedColors: "active", reducedMotion: "reduce" });
    for (const media of ["print"]) {
      const context = await browser.newContext({ viewport: { width: 700, height: 900 } });
      const page = await open(context, name);
      await page.emulateMedia({ media });
      say("print", name, { faults: page.faults, shown: await page.locator("h1, h2, .event, .item").evaluateAll((l) => l.filter((e) => e.checkVisibility()).length), nav: await page.locator("header nav").isVisible() });
      await context.close();
    }

    // Without script.
    let context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    let page = await open(context, name);
    const links = await page.locator(".subscribe .buttons a").evaluateAll((l) => l.map((a) => a.getAttribute("href")));
    const fields = await page.locator(".subscribe input[readonly]").evaluateAll((l) => l.map((e) => e.value));
    const copy = await page.locator("button[data-copied]").evaluateAll((l) => l.filter((e) => e.checkVisibility()).length);
    const folded = [];
    for (const d of await page.locator("details").all()) {
      await d.locator("summary").click();
      folded.push(await d.locator("p, h3").last().isVisible());
    }
    say("no script", name, { links, fields, copy, folded, events: await page.locator(".event").count(), faults: page.faults });
    await context.close();

    // With the keyboard alone.
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
    page = await open(context, name);
    const stops = await press(page);
    say("keyboard", name, { stops, faults: page.faults });
    page = await open(context, name);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const skipped = await page.evaluate(() => document.activeElement.id);
    const told = [];
    await press(page, async (stop) => {
      if (stop.tag === "summary") {
        await page.keyboard.press("Enter");
        told.push("open " + (await page.evaluate(() => document.activeElement.parentElement.open)));
      } else if (stop.tag === "button" && stop.type === "button") {
        await page.keyboard.press("Enter");
        await page.waitForFunction(() => document.activeElement.parentElement.querySelector("[role=status]").textContent);
        told.push("copied " + (await page.evaluate(() => navigator.clipboard.readText())));
      }
    });
    say("operated", name, { skipped, told, faults: page.faults });

    // The code, as a camera sees it, in the dark.
    await page.emulateMedia({ colorScheme: "dark" });
    const code = page.locator("svg.qr");
    const file = path.join(dir, name.replace(/\W+/g, "_") + "qr.png");
    if (await code.count()) await code.screenshot({ path: file });
    say("code", name, { file: (await code.count()) ? file : "", canonical: await page.locator("link[rel=canonical]").getAttribute("href"), faults: page.faults });
    await context.close();
  }

  // A part of the calendar, chosen with the keyboard and without script.
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  const page = await open(context, "events.html");
  await page.locator("#choose summary").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.locator("#choose button").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/[?]/);
  const field = await page.locator("#calendar").inputValue();
  say("choose", "events.html", { address: page.url(), fields: [field], title: await page.locator("h1").textContent(), checked: await page.locator("#choose input:checked").count(), faults: page.faults });
  await context.close();
  await browser.close();
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
