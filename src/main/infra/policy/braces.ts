import type { WordPart } from 'unbash';

/** Source texts of the words that a word with `{a,b}` in it stands for. Inner braces are left for another round. */
export function expandBraces(parts: readonly WordPart[]): string[] {
  let texts = [''];
  for (const part of parts) {
    const choices = part.type === 'BraceExpansion' ? choicesOf(part.text) : [part.text];
    texts = texts.flatMap((text) => choices.map((choice) => text + choice));
    // Nobody writes this; the caller refuses what it cannot follow.
    if (texts.length > 1000) return texts.slice(0, 1000);
  }
  return texts;
}

/** `{a,b{c,d}}` → `a`, `b{c,d}`. Of a range like `{1..3}` the first will do: it makes no command and no option. */
function choicesOf(source: string): string[] {
  const choices: string[] = [];
  const inner = source.slice(1, -1);
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < inner.length; at += 1) {
    const character = inner[at] ?? '';
    if (character === '\\' && quote !== "'") at += 1;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if (character === ',' && depth === 0) {
      choices.push(inner.slice(start, at));
      start = at + 1;
    }
  }
  choices.push(inner.slice(start));
  if (choices.length > 1) return choices;
  return [inner.split('..')[0] ?? inner];
}
