/** Making a formatter takes a hundred times as long as using it, and a list shows hundreds of values in the same few. */
function kept<K extends string | number, F>(make: (language: string, key: K) => F) {
  const known = new Map<string, F>();
  return (language: string, key: K): F => {
    const id = `${language} ${key}`;
    const format = known.get(id) ?? make(language, key);
    known.set(id, format);
    return format;
  };
}

const dateStyles = {
  day: { year: 'numeric', month: 'short', day: 'numeric' },
  full: { dateStyle: 'medium', timeStyle: 'medium' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
} satisfies Record<string, Intl.DateTimeFormatOptions>;
type DateStyle = keyof typeof dateStyles;

// By zone too, since a formatter stays in the one where it was made while its user travels on.
const dateFormats: Record<DateStyle, (language: string, zone: number) => Intl.DateTimeFormat> = {
  day: kept((language) => new Intl.DateTimeFormat(language, dateStyles.day)),
  full: kept((language) => new Intl.DateTimeFormat(language, dateStyles.full)),
  clock: kept((language) => new Intl.DateTimeFormat(language, dateStyles.clock)),
};

/** The date in the system's time zone; `Invalid Date` of what is none. */
export function formatDate(at: string, language: string, style: DateStyle): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(date);
  return dateFormats[style](language, date.getTimezoneOffset()).format(date);
}

type AgoUnit = 'minute' | 'hour' | 'day';
const agoFormats = kept(
  (language, style: 'short') => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style }),
);

export const formatAgo = (count: number, unit: AgoUnit, language: string): string =>
  agoFormats(language, 'short').format(-count, unit);

type DurationUnit = 'millisecond' | 'second' | 'minute' | 'hour';
const unitFormats = kept(
  (language, unit: DurationUnit) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: unit === 'second' ? 1 : 0,
    }),
);

/** `3.2 sec` in the language given: seconds with one digit, everything else whole. */
export const formatUnit = (value: number, unit: DurationUnit, language: string): string =>
  unitFormats(language, unit).format(value);
