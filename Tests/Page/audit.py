"""Looks for what keeps people from reading a page: contrast, names, headings, widths."""

CHECK = r"""
() => {
  const faults = [];
  const say = (what, element) => faults.push(what + ": " + (element?.outerHTML ?? "").slice(0, 140));
  const open = document.querySelector("dialog[open]") ?? document.body;

  // MARK: Contrast, by WCAG 2: 4.5, for large text 3.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, bottom) => [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3])).concat(1);
  const luminance = (color) => {
    const [r, g, b] = color.map((value) => {
      value /= 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((bottom, top) => over(top, bottom), [255, 255, 255, 1]);
  };
  const contrast = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false })
    && !element.closest(".sr, .skip, [hidden]");
  let texts = 0;
  const walker = document.createTreeWalker(open, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !isShown(element)) continue;
    if (open === document.body && element.closest("dialog, script, option, datalist")) continue;
    texts += 1;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const below = ground(element);
    const ratio = contrast(over(rgba(style.color), below), below);
    if (ratio < (isLarge ? 3 : 4.5)) say("contrast " + ratio.toFixed(2), element);
  }
  if (texts < 5) say("there is hardly any text");
  // What is drawn and means something: 3.
  for (const drawn of document.querySelectorAll(".dot, .strip a, .bar rect")) {
    if (!isShown(drawn)) continue;
    const style = getComputedStyle(drawn);
    const isHollow = style.borderTopStyle === "dotted";
    const color = rgba(drawn.tagName === "rect" ? style.fill : isHollow ? style.borderTopColor : style.getPropertyValue("--c"));
    color[3] *= style.opacity;
    const below = ground(drawn.parentElement.closest("svg") ?? drawn.parentElement);
    const ratio = contrast(over(color, below), below);
    if (ratio < 3) say("drawn contrast " + ratio.toFixed(2), drawn);
  }

  // MARK: Names and structure
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) say("two of the id " + id);
  for (const element of document.querySelectorAll("a[href], button, summary")) {
    if (!(element.textContent.trim() || element.getAttribute("aria-label"))) say("without a name", element);
  }
  for (const element of document.querySelectorAll("input:not([type=hidden]), select")) {
    if (!element.labels.length) say("without a label", element);
  }
  for (const element of document.querySelectorAll("img")) if (!element.hasAttribute("alt")) say("without alt", element);
  for (const element of document.querySelectorAll("[aria-labelledby]")) {
    if (!document.getElementById(element.getAttribute("aria-labelledby"))) say("labelled by nothing", element);
  }
  if (document.querySelectorAll("main").length !== 1) say("there is not one main");
  if (document.querySelectorAll("h1").length !== 1) say("there is not one h1");
  if (!document.documentElement.lang || !document.title) say("without language or title");
  let level = 0;
  for (const heading of document.querySelectorAll("main h1, main h2, main h3, main h4")) {
    const own = +heading.tagName[1];
    if (own > level + 1) say("a level of headings is left out", heading);
    level = own;
  }
  for (const list of document.querySelectorAll("ul, ol")) {
    for (const child of list.children) if (child.tagName !== "LI") say("no item of a list", child);
  }

  // MARK: Space
  if (document.documentElement.scrollWidth > innerWidth) say("wider than the window: " + document.documentElement.scrollWidth);
  for (const element of document.querySelectorAll("header > *, .filters > *, .push > header > *")) {
    for (const other of element.parentElement.children) {
      if (other === element || !isShown(element) || !isShown(other) || getComputedStyle(other).position === "absolute" ||
        getComputedStyle(element).position === "absolute") continue;
      const [a, b] = [element.getBoundingClientRect(), other.getBoundingClientRect()];
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) say("overlaps", element);
    }
  }
  for (const element of document.querySelectorAll("*")) {
    if (getComputedStyle(element).animationName !== "none") say("moves though less motion is asked for", element);
  }
  return faults;
}
"""


def audit(page, what):
    """Fails with everything that is wrong with the page as it is."""
    faults = page.evaluate(CHECK)
    assert not faults, what + "\n" + "\n".join(faults)
