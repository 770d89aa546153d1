// A picture of the page as a file that stands alone: its looks as attributes, no script, no style, no reference.
const NAMESPACE = 'http://www.w3.org/2000/svg';

/** What is taken over from the page's style. All of them are inherited or have the same meaning as an attribute. */
const LOOKS = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'font-family', 'font-size', 'font-weight', 'text-anchor'];
const KEPT = new Set(['d', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'width', 'height', 'rx', 'transform', 'viewBox']);

/** Around the picture, in pixels. */
const MARGIN = 12;

/** `drawn` must be on the page. What only the screen needs has the class `screen`. The file is in light colours, for paper. */
export function svgFile(drawn: SVGSVGElement, title: string, description: string): string {
  const { x, y, width, height } = drawn.viewBox.baseVal;
  const frame = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  drawn.style.colorScheme = 'light';
  const file = copied(drawn, null);
  const ground = element('rect', { ...frame, fill: getComputedStyle(drawn).backgroundColor });
  drawn.style.removeProperty('color-scheme');
  file.setAttribute('viewBox', Object.values(frame).join(' '));
  file.setAttribute('width', String(frame.width));
  file.setAttribute('height', String(frame.height));
  file.setAttribute('role', 'img');
  file.prepend(worded('title', title), worded('desc', description), ground);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`;
}

function copied(original: Element, above: CSSStyleDeclaration | null): Element {
  const copy = element(original.tagName, {});
  for (const { name, value } of original.attributes) if (KEPT.has(name)) copy.setAttribute(name, value);
  const style = getComputedStyle(original);
  for (const look of LOOKS) {
    const value = style.getPropertyValue(look);
    if (value && value !== above?.getPropertyValue(look)) copy.setAttribute(look, value);
  }
  for (const child of original.childNodes) {
    if (child instanceof Element) {
      if (!child.classList.contains('screen')) copy.append(copied(child, style));
    } else if (child.textContent) {
      copy.append(writable(child.textContent));
    }
  }
  return copy;
}

function element(tag: string, attributes: Record<string, string | number>): Element {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

function worded(tag: string, text: string): Element {
  const made = element(tag, {});
  made.append(writable(text));
  return made;
}

/** XML can't hold control characters, and names in a document may contain some. */
const writable = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
