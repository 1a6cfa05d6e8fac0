import { describe, expect, it } from 'vitest';
import { strictDocument } from './strictDocument';

describe('strictDocument', () => {
  it('turns the text of a style element into a constructed sheet that goes with it', () => {
    const before = document.adoptedStyleSheets.length;
    const style = strictDocument().createElement('style');
    style.textContent = '.a { color: red; }';
    document.body.append(style);
    expect(document.adoptedStyleSheets).toHaveLength(before + 1);
    expect(style.innerHTML).toBe('');
    style.remove();
    expect(document.adoptedStyleSheets).toHaveLength(before);
    expect(style.isConnected).toBe(false);
  });

  it('leaves other attributes alone', () => {
    const span = strictDocument().createElement('span');
    span.setAttribute('title', 'x');
    expect(span.getAttribute('title')).toBe('x');
  });
});
