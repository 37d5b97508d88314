import { resolve } from 'node:path';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import type { ScriptStatement } from '../../engine/contracts/connector.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { applyClosing, oneByOneLines, statementLines } from '../../narrate/commands/apply-lines.ts';
import { visible } from '../../narrate/text/visible.ts';
import { NotUtf8 } from '../../ports/workspace-files.ts';
import { mustConfirmTarget } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { withOpening } from '../terminal/with-opening.ts';
import { databaseNamed } from './connection.ts';

export interface ApplyFlags extends CommonFlags {
  readonly file: string;
  readonly connection: string;
  readonly dryRun?: true | undefined;
  readonly allowDestructive?: true | undefined;
  readonly confirm?: string | undefined;
}

/** `hygge apply`: runs the statements of a file and shows them. If the database can roll back statements, either all statements take effect or none. */
export async function apply(flags: ApplyFlags, surroundings: Surroundings): Promise<number> {
  const sql = await read(flags.file, surroundings);
  const database = await databaseNamed(flags.connection, flags, surroundings);
  const { side } = database;
  if (side.statements === undefined || side.apply === undefined)
    throw unreadable(`hygge can't apply files of SQL to ${database.type}.`, ['Run the file with the database’s own client']);
  const statements = side.statements(sql);
  const destructive = statements.filter(({ isDestructive }) => isDestructive);
  if (destructive.length > 0 && !flags.allowDestructive && !flags.dryRun) throw takesAway(destructive, flags.file);
  if (!flags.dryRun && database.of) await mustConfirmTarget(flags, database.of, surroundings);
  const shown = (at: number, done: boolean) => {
    const statement = statements[at];
    if (statement === undefined) return;
    const { text, line, isDestructive } = statement;
    if (flags.output === 'json')
      surroundings.out.write(
        `${JSON.stringify({ event: 'statement', v: 1, n: at + 1, of: statements.length, line, text, destructive: isDestructive, done })}\n`,
      );
    printLines(surroundings, flags, (palette) => statementLines(statement, { at, of: statements.length, done }, palette));
  };
  if (side.appliesAtOnce === false && statements.length > 0) printLines(surroundings, flags, () => oneByOneLines(database.type));
  if (flags.dryRun) for (const at of statements.keys()) shown(at, false);
  const how = flags.dryRun
    ? 'dry run'
    : await withOpening(database, surroundings, async (opening) =>
        statements.length === 0
          ? 'at once'
          : side.apply?.(database.config as never, opening, { statements, done: (at) => shown(at, true) }),
      );
  printLines(surroundings, flags, (palette) =>
    applyClosing({ statements: statements.length, destructive: destructive.length, how: how ?? 'at once' }, palette),
  );
  return exit.ok;
}

async function read(file: string, { directory }: Surroundings): Promise<string> {
  try {
    return await workspaceFiles.read(resolve(directory, file));
  } catch (cause) {
    const isText = !(cause instanceof NotUtf8);
    throw new ConfigError({
      code: 'HYG-1096',
      what: isText ? `${visible(file)} cannot be read.` : `${visible(file)} is not UTF-8 text.`,
      why: isText && cause instanceof Error ? [cause.message] : [],
      tryThis: [isText ? 'Name a file of SQL that you may read' : 'Save the file as UTF-8'],
      cause,
    });
  }
}

function takesAway(destructive: readonly ScriptStatement[], file: string): ConfigError {
  const [first] = destructive;
  return new ConfigError({
    code: 'HYG-1093',
    what: `${visible(file)} has ${destructive.length === 1 ? 'a statement that removes' : `${destructive.length} statements that remove`} existing objects.`,
    why: destructive.slice(0, 5).map(({ line, text }) => `line ${line}: ${visible(text.split('\n')[0]?.slice(0, 100) ?? '')}`),
    tryThis: [
      `See all of it: hygge apply ${file} --connection … --dry-run`,
      `If line ${first?.line} and the others are intended: --allow-destructive`,
    ],
  });
}
