import { type Token, type Tokens, marked } from 'marked';
import { Fragment, type ReactNode, createElement, memo } from 'react';
import { safeLink } from '../lib/safe-link.ts';

/** Deeper nesting than people write is shown as its source. */
const deepest = 16;

/** A paragraph longer than people write is shown as its source: the time to parse emphasis grows with its square. */
const longestPart = 10_000;

/** A line of so many markers is no text, and takes a parser that follows them for long. */
const endless = /^(?:[ \t]*(?:>|(?:[-*+]|\d+[.)])(?=[ \t]))){32}/m;

/**
 * Markdown of people, agents and repositories, none of which is trusted: tokens become React elements, HTML stays
 * text, pictures become links, and only https links can be followed.
 */
export const Markdown = memo(function Markdown({
  text,
  className = '',
}: {
  text: string;
  className?: string;
}) {
  return <div className={`prose ${className}`}>{blocks(lex(text), 0)}</div>;
});

function lex(text: string): Token[] {
  if (endless.test(text) || text.split(/\n[ \t]*\n/).some((part) => part.length > longestPart))
    return [{ type: 'space', raw: text }];
  try {
    return marked.lexer(text, { gfm: true, breaks: true });
  } catch {
    return [{ type: 'space', raw: text }];
  }
}

const blocks = (tokens: readonly Token[], depth: number): ReactNode =>
  tokens.map((token, index) => <Fragment key={index}>{block(token, depth)}</Fragment>);

function block(token: Token, depth: number): ReactNode {
  if (depth > deepest) return <p className="whitespace-pre-wrap">{token.raw}</p>;
  switch (token.type) {
    case 'checkbox':
      // The list shows it.
      return null;
    case 'space':
      return token.raw.trim() === '' ? null : <p className="whitespace-pre-wrap">{token.raw}</p>;
    case 'hr':
      return <hr className="border-line" />;
    case 'heading':
      // The page has its own outline: headings of texts are bold paragraphs to it.
      return <p className="font-semibold">{inline(token.tokens, depth)}</p>;
    case 'paragraph':
      return <p>{inline(token.tokens, depth)}</p>;
    case 'text':
      return token.tokens ? inline(token.tokens, depth) : String(token['text']);
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{String(token['text'])}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [], depth + 1)}</blockquote>;
    case 'list':
      return list(token as Tokens.List, depth);
    case 'table':
      return table(token as Tokens.Table, depth);
    default:
      return <p className="whitespace-pre-wrap">{token.raw}</p>;
  }
}

function list({ ordered, start, items }: Tokens.List, depth: number): ReactNode {
  const children = items.map((item, index) => (
    <li key={index}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} readOnly aria-label={item.text} />}{' '}
      {blocks(item.tokens, depth + 1)}
    </li>
  ));
  return createElement(ordered ? 'ol' : 'ul', ordered && start !== '' ? { start } : null, children);
}

function table({ header, rows }: Tokens.Table, depth: number): ReactNode {
  const cells = (tag: 'th' | 'td', row: readonly Tokens.TableCell[]): ReactNode =>
    row.map((cell, index) => createElement(tag, { key: index }, inline(cell.tokens, depth + 1)));
  return (
    <div className="overflow-x-auto" tabIndex={0}>
      <table>
        <thead>
          <tr>{cells('th', header)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{cells('td', row)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const inline = (tokens: readonly Token[] | undefined, depth: number): ReactNode =>
  (tokens ?? []).map((token, index) => <Fragment key={index}>{span(token, depth)}</Fragment>);

function span(token: Token, depth: number): ReactNode {
  if (depth > deepest) return token.raw;
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token.tokens, depth + 1)}</strong>;
    case 'em':
      return <em>{inline(token.tokens, depth + 1)}</em>;
    case 'del':
      return <del>{inline(token.tokens, depth + 1)}</del>;
    case 'codespan':
      return <code>{String(token['text'])}</code>;
    case 'checkbox':
      return null;
    case 'br':
      return <br />;
    case 'escape':
      return String(token['text']);
    case 'text':
      return token.tokens ? inline(token.tokens, depth + 1) : String(token['text']);
    case 'link':
    case 'image':
      return link(token as Tokens.Link | Tokens.Image, depth);
    default:
      return token.raw;
  }
}

function link(token: Tokens.Link | Tokens.Image, depth: number): ReactNode {
  const label = token.type === 'link' ? inline(token.tokens, depth + 1) : token.text || token.href;
  const href = safeLink(token.href);
  if (href === null) return <span title={token.href}>{label}</span>;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer">
      {label}
    </a>
  );
}
