import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintRuleContext, SecretLintRuleReportDescriptor } from '@secretlint/types';
import type { Detector, Finding } from './finding.ts';

type Report = SecretLintRuleReportDescriptor;
type Creator = (typeof rules)[number];
type RunningRule = ReturnType<Creator['create']>;

const shortName = (rule: Creator): string => rule.meta.id.replace('@secretlint/secretlint-rule-', '');

/**
 * Rules left out. A `secretlint-disable` comment would let a text switch its own redaction off. The other two take
 * whole URLs for the password in them; credentials.ts takes the password, of any scheme.
 */
const left = new Set(['filter-comments', 'basicauth', 'database-connection-string']);

/**
 * The rules of secretlint's recommended preset, run by ourselves rather than by @secretlint/core:
 * - core marks each rule and run for its profiler, whose lists only grow (40 kB a text), with no setting to stop it;
 * - core sets all rules up anew for each text, which takes a third of a millisecond; here they are set up once.
 */
export function createSecretlintDetector(): Detector {
  const reports: { report: Report; label: string }[] = [];
  const running = rules.filter((rule) => !left.has(shortName(rule))).map((rule) => start(rule, reports));

  return (text, found) => {
    const source = sourceOf(text);
    // Asynchronous only for binary key stores, which a text never is.
    for (const rule of running) void rule.file?.(source);
    for (const { report, label } of reports) addFindings(text, report, label, found);
    reports.length = 0;
  };
}

function start(rule: Creator, reports: { report: Report; label: string }[]): RunningRule {
  const label = shortName(rule);
  const context: SecretLintRuleContext = {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => ({
      message: String(messageId),
      messageId: String(messageId),
      data,
    }),
    ignore: () => undefined,
    report: (report) => void reports.push({ report, label }),
  };
  // AWS key ids are off by default there; alone they are harmless, but they name an account.
  return rule.create(context, { enableIDScanRule: true });
}

type Source = Parameters<NonNullable<RunningRule['file']>>[0];

function sourceOf(content: string): Source {
  const noLocation = { line: 1, column: 0 };
  return {
    content,
    hasBOM: false,
    filePath: undefined,
    physicalFilePath: undefined,
    ext: '.txt',
    contentType: 'text',
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    // Only core asks for these.
    locationToRange: () => [0, 0],
    rangeToLocation: () => ({ start: noLocation, end: noLocation }),
    positionToIndex: () => 0,
    indexToPosition: () => noLocation,
  };
}

/** Shorter values in a report's data are names and kinds, not the secret. */
const shortestSecret = 6;

/**
 * A report's range often starts with the key's name but has the length of the secret alone (AWS, npm), which would
 * leave the secret's end; so the values that the report quotes are looked up as well.
 */
function addFindings(text: string, { range, message }: Report, label: string, found: Finding[]): void {
  const [start, end] = range;
  found.push({ start, end, label });
  const data: unknown = message.data;
  if (typeof data !== 'object' || data === null) return;
  for (const value of Object.values(data)) {
    if (typeof value !== 'string' || value.length < shortestSecret) continue;
    const at = text.indexOf(value, start);
    if (at >= 0) found.push({ start: at, end: at + value.length, label });
  }
}
