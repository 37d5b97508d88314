import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { ConfigError, type HyggeError } from '../../errors/hygge-error.ts';
import { readable } from '../../errors/readable.ts';
import { createNarrator } from '../../narrate/run/narrator.ts';
import { jsonLine } from '../../narrate/text/json-lines.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { EventBody, HyggeEvent } from '../../ports/events.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { explain } from '../../workspace/check/explain.ts';
import { ConfigErrors } from '../../workspace/yaml/problems.ts';
import { exit, heldCode, nothingFoundCode } from './exit-code.ts';
import { lineFitter } from './line-fitter.ts';
import { paletteFor } from './output.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';
import { hintForCommand, hintForOption } from './synonyms.ts';
import { stackText, unreadable } from './usage.ts';

/** The summary that is printed if a command ends before a run begins, since a summary always comes last. */
const emptySummary: EventBody = { event: 'summary', pass: 0, warn: 0, error: 0, skip: 0, total: 0, rows: 0, seconds: 0, entities: [] };

/** Reports an error that ended a command before a run, and returns the exit code. People read the error on stderr, machines on stdout. */
export function fail(error: unknown, surroundings: Surroundings, flags: CommonFlags): number {
  const errors = errorsIn(error);
  const values = secretValuesOf(surroundings.network);
  const clock = realClock();
  const base = { v: 1, invocation_id: realRandom().id() } as const;
  const events = errors.map((one): HyggeEvent => values.hiddenIn({ ...base, ts: clock.now(), event: 'error', ...one.toDetails() }));
  if (flags.output === 'json') {
    for (const event of [...events, { ...base, ts: clock.now(), ...emptySummary }]) surroundings.out.write(jsonLine(event));
  }
  const lines =
    error instanceof ConfigErrors ? values.hidden(explain(error.errors)).trimEnd().split('\n') : told(events, surroundings, flags);
  const stack = flags.verbose === true ? values.hidden(stackText(error)).split('\n').map(visible) : [];
  surroundings.err.write([...lineFitter(surroundings.err, flags)(lines), ...stack, ''].join('\n'));
  if (errors.every((one) => one instanceof ConfigError && one.code !== nothingFoundCode)) return exit.usage;
  return errors.every((one) => one.code === heldCode) ? exit.held : exit.failed;
}

function told(events: readonly HyggeEvent[], surroundings: Surroundings, flags: CommonFlags): readonly string[] {
  const palette = paletteFor(surroundings.err, surroundings, flags);
  const narrator = createNarrator({ palette, live: false, dryRun: false, verbose: flags.verbose === true });
  return events.flatMap((event) => narrator.hear(event));
}

/** The errors in a thrown value, which may be several config errors. */
export function errorsIn(error: unknown): readonly HyggeError[] {
  return error instanceof ConfigErrors ? error.errors : [readable(error)];
}

/** The message of the command-line parser in hygge’s words. @param commands the existing names, so that the message proposes the help of the right command. */
export function asUsageError(message: string, args: readonly string[], commands: readonly string[]): ConfigError {
  const [first = message, ...more] = message.replace(/^error: /, '').split('\n');
  const command = message.includes('unknown command') ? undefined : args.find((arg) => commands.includes(arg));
  const [, kind, word = ''] = /unknown (option|command) '([^']*)'/.exec(first) ?? [];
  const known = kind === 'option' ? hintForOption(word, command) : kind === 'command' ? hintForCommand(word) : undefined;
  const near = more.map((line) => line.replace(/^\((.*)\)$/, '$1')).filter((line) => line !== '');
  const hint = known === undefined ? near : [known];
  const help = command === undefined ? 'hygge --help' : `hygge ${command} --help`;
  // Only the name of the option is shown: the text after the name is its value, which may be a password.
  const shown = first.replace(/(unknown option ')(--[\w-]*|-\w)?.*'/s, (_, told: string, name = '…') => `${told}${name}'`);
  return unreadable(`${shown.charAt(0).toUpperCase()}${shown.slice(1).replace(/\.?$/, '.')}`, [...hint, `See ${help}`]);
}
