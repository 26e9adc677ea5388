import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../src/main/domain/csv.ts';

describe('a line of CSV', () => {
  it('is as RFC 4180 has it', () => {
    expect(csvLine(['a', 1.5, null, 'b c'])).toBe('a,1.5,,b c\r\n');
    expect(csvLine(['say "hi"', 'a,b', 'two\nlines', 'cr\rlf'])).toBe(
      '"say ""hi""","a,b","two\nlines","cr\rlf"\r\n',
    );
  });

  it('holds no formula, however it is dressed', () => {
    for (const text of ['=1+1', '+cmd', '-2+3', '@SUM(A1)', ' =1', '＝1', '\t=1', '\r=1', '\u00a0=1'])
      expect([text, csvLine([text]).replace('"', '').startsWith("'")]).toEqual([text, true]);
    expect(csvLine(['=HYPERLINK("http://x","y")'])).toBe(`"'=HYPERLINK(""http://x"",""y"")"\r\n`);
  });

  it('leaves numbers and ordinary names alone', () => {
    expect(csvLine([-1, 'gpt-5', 'llama3.1:8b', 'a=b'])).toBe('-1,gpt-5,llama3.1:8b,a=b\r\n');
  });
});
