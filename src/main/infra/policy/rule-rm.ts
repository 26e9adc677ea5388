import { mayBeOptions, refuse, type Field } from './fields.ts';

const advice = 'Remove the files by name, or a folder with "rm -r" (without -f), and only what you created.';

/** An option may be shortened as long as it is clear: `--rec`. */
const isShortFor = (option: string, full: string, atLeast: number): boolean =>
  option.length >= atLeast && full.startsWith(option);

/** Refuses `rm` that is both recursive and forced, in any spelling; options may follow the names. */
export function checkRm(args: readonly Field[]): void {
  let recursive = false;
  let force = false;
  for (const field of args) {
    if (field.text === '--') break;
    if (mayBeOptions(field)) {
      refuse(
        'an argument of "rm" is not known before it runs and could be an option; put "--" or quotes around it',
      );
    }
    const { text } = field;
    if (text.startsWith('--')) {
      recursive ||= isShortFor(text, '--recursive', 3);
      force ||= isShortFor(text, '--force', 3) || /^--i\w*=(?:never|no|none)$/.test(text);
    } else if (text.startsWith('-')) {
      recursive ||= /[rR]/.test(text);
      force ||= text.includes('f');
    }
  }
  if (recursive && force) refuse(`"rm -rf" is forbidden. ${advice}`);
}

/** Tests of `find` that narrow down what is deleted. */
const narrowing =
  /^-(?:i?name|i?path|i?wholename|i?regex|type|xtype|empty|size|[acm](?:min|time)|(?:a|c)?newer.*|perm|user|group|links|samefile|inum|uid|gid)$/;

/** `find … -delete` without a test removes a whole tree, as `rm -rf` does. */
export function checkFindDelete(args: readonly Field[]): void {
  const texts = args.map((field) => field.text);
  if (texts.includes('-delete') && !texts.some((text) => narrowing.test(text))) {
    refuse(`"find -delete" without a test such as -name removes everything, like "rm -rf". ${advice}`);
  }
}
