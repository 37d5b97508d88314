/** Writes the start of a run as text, by the directives of strftime that depend neither on a language nor on a time zone. */

type TimeFormatter = (at: Date) => string;

const two = (n: number): string => String(n).padStart(2, '0');

const directives: Readonly<Record<string, TimeFormatter>> = {
  Y: (at) => String(at.getUTCFullYear()).padStart(4, '0'),
  y: (at) => two(at.getUTCFullYear() % 100),
  m: (at) => two(at.getUTCMonth() + 1),
  d: (at) => two(at.getUTCDate()),
  H: (at) => two(at.getUTCHours()),
  I: (at) => two(at.getUTCHours() % 12 || 12),
  M: (at) => two(at.getUTCMinutes()),
  S: (at) => two(at.getUTCSeconds()),
  f: (at) => `${String(at.getUTCMilliseconds()).padStart(3, '0')}000`,
  p: (at) => (at.getUTCHours() < 12 ? 'AM' : 'PM'),
  j: (at) => String(1 + Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000)).padStart(3, '0'),
  s: (at) => String(Math.floor(at.getTime() / 1000)),
  z: () => '+0000',
  Z: () => 'UTC',
  F: (at) => at.toISOString().slice(0, 10),
  T: (at) => at.toISOString().slice(11, 19),
  '%': () => '%',
};

export const knownDirectives: readonly string[] = Object.keys(directives).map((letter) => `%${letter}`);

/** The first unknown directive of a format. Undefined: hygge knows all directives of the format. */
export function unknownDirective(format: string): string | undefined {
  return [...format.matchAll(/%(.?)/gsu)].find(([, letter = '']) => directives[letter] === undefined)?.[0];
}

/** @param startedAt the start of the run, in ISO 8601 and UTC. */
export function loadTimeText(startedAt: string, format: string): string {
  const at = new Date(startedAt);
  return format.replace(/%(.?)/gsu, (written, letter: string) => directives[letter]?.(at) ?? written);
}
