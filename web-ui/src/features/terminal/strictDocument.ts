/**
 * The document as xterm.js sees it. xterm.js writes `<style>` elements and `style` attributes, which a Content-Security-Policy without
 * 'unsafe-inline' forbids. The same rules are allowed when a script makes them: as constructed style sheets, and through
 * `element.style`. So the elements xterm.js asks for are made to do that.
 */
export function strictDocument(real: Document = document): Document {
  return new Proxy(real, {
    get(target, name) {
      if (name === 'createElement') return (tag: string) => strictElement(target, tag);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

function strictElement(owner: Document, tag: string): HTMLElement {
  // even an empty style element is refused: something else that shows nothing takes its place
  if (tag === 'style') return constructed(owner, owner.createElement('template'));
  const element = owner.createElement(tag);
  element.setAttribute = setAttribute;
  return element;
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

/** An empty element that stands for a constructed style sheet: its text is the sheet's, and with it the sheet goes. */
function constructed(owner: Document, element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  owner.adoptedStyleSheets = [...owner.adoptedStyleSheets, sheet];
  let text = '';
  Object.defineProperty(element, 'textContent', {
    get: () => text,
    set: (value: string | null) => {
      text = value ?? '';
      sheet.replaceSync(text);
    },
  });
  element.remove = () => {
    owner.adoptedStyleSheets = owner.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
