import { InvalidArgumentError } from '@commander-js/extra-typings';
import { durationMs } from '../../workspace/durations.ts';

/** Options that several commands have. */

export const flowOption = ['-f, --flow <names>', 'only these flows; a,b or repeated; * and ? as in file names'] as const;
export const entityOption = [
  '-e, --entity <flow.entity>',
  "only this entity, or a pattern ('shop.*'); repeatable; with -f: the entities that both name",
] as const;
export const excludeOption = ['--exclude <names>', 'without these flows or entities (flow.entity); patterns too; repeatable'] as const;
/** The argument of commands that accept several names. */
export const namesArgument = ['[names...]', 'flows (shop), or entities (shop.orders); patterns too (default: all)'] as const;
/** An option of commands that move data. */
export const dryRunOption = ['--dry-run', 'show what would happen; reads metadata, writes nothing'] as const;
export const waitOption = ['--wait', 'wait for an entity that another run holds'] as const;
export const takeOverOption = ['--take-over', 'take over an entity from a run that ended without a report'] as const;
export const retryForOption = [
  '--retry-for <duration>',
  'how long to wait for a system that does not answer, such as 10m; 0s: not at all',
] as const;
/** An option of commands that change data in a target. */
export const confirmOption = ['--confirm <name>', 'the name of a protected target, if there is no terminal to ask for it'] as const;
export const varOption = ['--var <assignment>', 'flow.<flow>.<path>=<value> in this run; repeatable'] as const;

export function examples(...commands: readonly string[]): string {
  const isWide = commands.some((command) => command.length > helpColumns - 2);
  const lines = isWide ? commands.flatMap(onTwoLines) : commands;
  return ['', `Example${commands.length > 1 ? 's' : ''}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** The width of a narrow terminal. An example must fit on one line of it, so that people can paste the example. */
const helpColumns = 80;

/** An example on two lines: the command, and its description. */
function onTwoLines(example: string): readonly string[] {
  const [, command = example, what] = /^(\S.*?\S) {2,}(\S.*)$/.exec(example) ?? [];
  return what === undefined ? [command] : [command, `    ${what}`];
}

export function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Collects the values of an option. Values are written as `a,b`, or by repeating the option. */
export function gatherList(value: string, before: readonly string[] = []): readonly string[] {
  return [
    ...before,
    ...value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ];
}

export function positiveInteger(value: string): number {
  const n = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError('A whole number from 1 on is expected.');
  return n;
}

/** Parses a duration in a command line, and returns milliseconds. */
export function durationGiven(value: string): number {
  const ms = durationMs(value);
  if (ms === undefined) throw new InvalidArgumentError('A duration is expected, such as 90s, 5m or 1h30m.');
  return ms;
}
