#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Looks at a page with headless Chromium: browser.py FILE.html DIRECTORY

Prints what was seen as one JSON document: the page on a desktop and on a phone, in light and dark,
with a screenshot of each in DIRECTORY; what it asked of the network; what assistive technology is
told; and that it prints. Speaks the DevTools protocol over a pipe.
"""
import base64
import json
import os
import subprocess
import sys

SCREENS = {"desktop": (1280, 900), "phone": (360, 740)}

# All of it runs in the page. The contrast is WCAG's, of each text against what is behind it.
LOOK = r"""
(() => {
  const parse = c => (c.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  let worst = {ratio: 99};
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement, style = getComputedStyle(e);
    if (!n.data.trim() || /^(title|desc)$/.test(e.tagName)) continue;
    const drawn = e.ownerSVGElement, mark = e.closest('.mark');
    const ground = mark ? parse(getComputedStyle(mark).fill) : behind(drawn ? drawn.parentElement : e);
    const ratio = contrast(parse(drawn ? style.fill : style.color), ground);
    if (ratio < worst.ratio) worst = {ratio, text: n.data.trim().slice(0, 40)};
  }
  const root = document.documentElement, all = s => [...document.querySelectorAll(s)];
  return {
    title: document.title, width: root.clientWidth, scroll_width: root.scrollWidth,
    background: getComputedStyle(document.body).backgroundColor, worst,
    bars: all('svg path.syns').map(e => e.getBoundingClientRect().height > 20),
    marks: all('svg .mark').length, dots: all('svg .answer').length,
    svgs: all('svg').length, articles: all('article').length,
    scripts: all('script, iframe, object, embed, link, img').length,
    handlers: all('*').filter(e => e.getAttributeNames().some(n => n.startsWith('on'))).length,
    rows: all('table.timeline tbody tr').map(e => e.textContent),
    smallest: Math.min(...all('svg text').map(e => e.getBoundingClientRect().height)),
    links: all('a').map(e => document.querySelector(e.getAttribute('href')) !== null),
    heads: all('h1, h2, h3').map(e => e.textContent), text: document.body.innerText
  };
})()
"""


class Browser:
    def __init__(self):
        from_us, self.to = os.pipe()
        self.back, to_us = os.pipe()

        def places():
            a, b = os.dup(from_us), os.dup(to_us)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            ["chromium-headless-shell", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--remote-debugging-pipe"],
            preexec_fn=places, close_fds=False, stderr=subprocess.DEVNULL)
        os.close(from_us)
        os.close(to_us)
        self.number, self.rest, self.requests, self.session = 0, b"", [], None

    def message(self):
        while b"\0" not in self.rest:
            data = os.read(self.back, 1 << 20)
            if not data:
                raise SystemExit("browser.py: the browser has ended")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def hear(self, wanted):
        """Messages up to the one that is wanted."""
        while True:
            message = self.message()
            if message.get("method") == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
            if wanted(message):
                return message

    def __call__(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        answer = self.hear(lambda m, n=self.number: m.get("id") == n)
        if "error" in answer:
            raise SystemExit(f"browser.py: {method}: {answer['error']}")
        return answer["result"]

    def open(self, path):
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self.session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self("Page.enable")
        self("Network.enable")
        self("Page.navigate", url="file://" + os.path.abspath(path))
        self.hear(lambda m: m.get("method") == "Page.loadEventFired")

    def look(self, screen, scheme, picture):
        width, height = SCREENS[screen]
        self("Emulation.setDeviceMetricsOverride", width=width, height=height,
             deviceScaleFactor=1, mobile=screen == "phone")
        self("Emulation.setEmulatedMedia",
             features=[{"name": "prefers-color-scheme", "value": scheme}])
        seen = self("Runtime.evaluate", expression=LOOK, returnByValue=True)
        if "exceptionDetails" in seen:
            raise SystemExit(f"browser.py: {seen['exceptionDetails']}")
        shot = base64.b64decode(self("Page.captureScreenshot", format="png")["data"])
        with open(picture, "wb") as file:
            file.write(shot)
        return seen["result"]["value"] | {"screenshot": len(shot)}

    def images(self):
        nodes = self("Accessibility.getFullAXTree")["nodes"]
        text = lambda n, key: n.get(key, {}).get("value", "")
        return [{"name": text(n, "name"), "description": text(n, "description")}
                for n in nodes if text(n, "role") in ("img", "image")]

    def end(self):
        self.process.kill()
        self.process.wait()


def main():
    browser = Browser()
    try:
        browser.open(sys.argv[1])
        seen = {f"{screen}_{scheme}":
                browser.look(screen, scheme, f"{sys.argv[2]}/{screen}-{scheme}.png")
                for screen in SCREENS for scheme in ("light", "dark")}
        seen["images"] = browser.images()
        browser("Emulation.setEmulatedMedia", media="", features=[])
        pdf = base64.b64decode(browser("Page.printToPDF")["data"])
        seen["prints"] = pdf.startswith(b"%PDF") and len(pdf) > 10000
        seen["requests"] = browser.requests
        json.dump(seen, sys.stdout)
    finally:
        browser.end()


main()
