// A picture of the page as a file that stands alone: its looks as attributes, no script, no style, no reference.
const NAMESPACE = 'http://www.w3.org/2000/svg';

/** What is taken over from the page's style. All of them are inherited or have the same meaning as an attribute. */
const LOOKS = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'font-family', 'font-size', 'font-weight', 'text-anchor'];
const KEPT = new Set(['d', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'width', 'height', 'rx', 'transform', 'viewBox']);

/** `drawn` must be on the page. What only the screen needs has the class `screen`. The file is in light colours, for paper. */
export function svgFile(drawn: SVGSVGElement, title: string, description: string): string {
  drawn.style.colorScheme = 'light';
  const file = copied(drawn, null) as SVGSVGElement;
  drawn.style.removeProperty('color-scheme');
  file.setAttribute('xmlns', NAMESPACE);
  file.setAttribute('role', 'img');
  const ground = document.createElementNS(NAMESPACE, 'rect');
  for (const [name, value] of [['width', '100%'], ['height', '100%'], ['fill', '#ffffff']] as const) ground.setAttribute(name, value);
  file.prepend(worded('title', title), worded('desc', description), ground);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`;
}

function copied(element: Element, above: CSSStyleDeclaration | null): Element {
  const copy = document.createElementNS(NAMESPACE, element.tagName);
  for (const { name, value } of element.attributes) if (KEPT.has(name)) copy.setAttribute(name, value);
  const style = getComputedStyle(element);
  for (const look of LOOKS) {
    const value = style.getPropertyValue(look);
    if (value && value !== above?.getPropertyValue(look)) copy.setAttribute(look, value);
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) {
      if (!child.classList.contains('screen')) copy.append(copied(child, style));
    } else if (child.textContent) {
      copy.append(writable(child.textContent));
    }
  }
  return copy;
}

function worded(tag: string, text: string): Element {
  const element = document.createElementNS(NAMESPACE, tag);
  element.append(writable(text));
  return element;
}

/** XML can't hold control characters, and names in a document may contain some. */
const writable = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
