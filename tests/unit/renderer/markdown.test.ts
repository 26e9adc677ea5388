import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Markdown } from '../../../src/renderer/src/components/markdown.tsx';
import { safeLink } from '../../../src/renderer/src/lib/safe-link.ts';

const html = (text: string): string => renderToStaticMarkup(createElement(Markdown, { text }));

describe('markdown of strangers', () => {
  test('HTML is text', () => {
    const markup = html(
      '<script>alert(1)</script>\n\nhi <img src=x onerror=alert(1)> there\n\n<a href="javascript:x">y</a>',
    );
    expect(markup).not.toMatch(/<(script|img|a)\b/);
    expect(markup).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(markup).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  test('only https links can be followed, and they tell the other side nothing', () => {
    expect(html('[a](https://example.org/x)')).toContain(
      '<a href="https://example.org/x" title="https://example.org/x" target="_blank" rel="noopener noreferrer">a</a>',
    );
    for (const href of [
      'javascript:alert(1)',
      'http://example.org',
      'data:text/html,x',
      'file:///etc/passwd',
      '/jobs',
      '#/settings',
    ])
      expect(html(`[a](${href})`)).not.toContain('<a ');
  });

  test('a login in an address hides where it leads', () => {
    expect(safeLink('https://github.com@evil.example/')).toBeNull();
    expect(safeLink('https://github.com/x')).toBe('https://github.com/x');
  });

  test('pictures are not loaded', () => {
    const markup = html('![a cat](https://tracker.example/cat.png)');
    expect(markup).not.toContain('<img');
    expect(markup).toContain('a cat');
  });

  test('what people write is shown as they meant it', () => {
    const markup = html(
      '# Title\n\n**bold** *it* `code` ~~gone~~\n\n1. one\n2. two\n\n- [x] done\n- [ ] todo\n\n> said\n\n```ts\nconst a = 1 < 2;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |',
    );
    for (const part of [
      '<strong>bold</strong>',
      '<em>it</em>',
      '<code>code</code>',
      '<del>gone</del>',
      '<ol start="1">',
      '<blockquote>',
      'const a = 1 &lt; 2;',
      '<td>1</td>',
    ])
      expect(markup).toContain(part);
    expect(markup).toContain('type="checkbox"');
    expect(markup).not.toContain('[x]');
  });

  test('nesting without end is no way to break the page', () => {
    expect(html(`${'>'.repeat(5000)} deep`)).toContain('deep');
    expect(html(`${'- '.repeat(2000)}deep`)).toContain('deep');
    for (const part of ['*a ', '[', '`a ', '![](', '_a_', '<', 'a*'])
      for (const length of [9_000, 50_000])
        expect(html(part.repeat(length / part.length)).length).toBeGreaterThan(1000);
  });
});
