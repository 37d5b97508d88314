import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NoSuchProgram, startDetached } from '../../adapters/programs.ts';
import { realClock } from '../../adapters/real-clock.ts';
import { realHost } from '../../adapters/real-host.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import { openStateAlone } from '../../assembly/open-state.ts';
import { version } from '../../assembly/version.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { damageLine } from '../../narrate/commands/journal-lines.ts';
import { type ReportMade, reportLines } from '../../narrate/commands/status-lines.ts';
import type { Instant } from '../../ports/values.ts';
import { factsOf } from '../../report/facts.ts';
import { type Page, pageOf } from '../../report/page.ts';
import { type Workspace, workspaceLabel } from '../../workspace/load/load.ts';
import { ownFolder } from '../../workspace/state/settings.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { looked, type StatusFlags } from './status.ts';

export interface ReportFlags extends Omit<StatusFlags, 'check' | 'open'> {
  /** The file for the page. `-`: the page is written to standard output. */
  readonly out: string;
  /** Whether the page contains messages of runs, which may quote values of the data. */
  readonly messages?: true | undefined;
}

/** `hygge report`: writes the page as a file, and replaces an earlier page as a whole. Exit 1: a state was not readable, as the page says. */
export async function report(flags: ReportFlags, surroundings: Surroundings): Promise<number> {
  const now = realClock().now();
  const opened = await openWorkspace(flags, surroundings, { now, looking: true, opens: 'state' });
  const { page, entities, broken, amiss } = await made(opened, flags, { now, surroundings });
  if (flags.out === '-') surroundings.out.write(page.html);
  else {
    const file = resolve(surroundings.directory, flags.out);
    await write(file, page);
    const told: ReportMade = {
      file: relative(surroundings.directory, file) || file,
      bytes: Buffer.byteLength(page.html),
      entities,
      level: page.level,
      headline: page.headline,
    };
    printAnswer(surroundings, flags, { rows: [told], lines: (palette) => reportLines(told, palette) });
  }
  tellBroken(broken, surroundings, flags);
  return amiss ? exit.failed : exit.ok;
}

/** `hygge status --open`: writes the page next to the state, which is enough on a laptop. If the machine has a browser, the page is opened in it. */
export async function openPage(opened: Workspace, flags: StatusFlags, { now, surroundings }: ReportContext): Promise<void> {
  const { page } = await made(opened, flags, { now, surroundings });
  const file = join(opened.root, ownFolder, 'status.html');
  await write(file, page);
  const url = pathToFileURL(file).href;
  const shown = await inBrowser(url, surroundings);
  surroundings.err.write(shown ? `The page is open in your browser: ${url}\n` : `Open the page in a browser: ${url}\n`);
}

interface ReportContext {
  readonly now: Instant;
  readonly surroundings: Surroundings;
}

async function made(opened: Workspace, flags: Omit<ReportFlags, 'out'>, { now, surroundings }: ReportContext) {
  await using place = await openStateAlone(opened, {
    network: surroundings.network,
    onDamage: (damage) => surroundings.err.write(`${damageLine(damage)}\n`),
  });
  const { entities, broken } = looked(opened, flags);
  const facts = await factsOf(
    {
      ...workspaceLabel(opened),
      entities,
      broken,
      now,
      version,
    },
    { state: place.state, host: realHost() },
  );
  const unread = facts.journal !== null || facts.entities.some(({ status }) => status.unreadable !== null);
  const page = pageOf(facts, { messages: flags.messages === true });
  return { page, entities: entities.length, broken, amiss: unread || broken.length > 0 };
}

/** Writes the whole page or nothing. Until the new page is complete, readers see the earlier page. */
async function write(file: string, { html }: Page): Promise<void> {
  try {
    await writeFileInside(dirname(file), basename(file), html, realRandom().nonce());
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, cause: unknown): ConfigError {
  const { code = '', message = String(cause) } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  const reasons: Readonly<Record<string, string>> = {
    EISDIR: 'It is a folder.',
    EEXIST: 'A file is where its folder should be.',
    ENOTDIR: 'A file is where its folder should be.',
    EACCES: 'This account may not write there.',
    EPERM: 'This account may not write there.',
    EROFS: 'That file system can only be read.',
    ENOSPC: 'The disk is full.',
    ENAMETOOLONG: 'The name is too long.',
  };
  return new ConfigError({
    code: 'HYG-1908',
    what: `The page cannot be written to ${file}.`,
    why: [reasons[code] ?? message],
    tryThis: ['Name another file: hygge report --out report.html', 'Or write it to a pipe: hygge report --out -'],
    cause,
  });
}

/** Opens an address in a browser. False: the machine has no browser, as on a server. The command does not wait for the browser, which may stay open for any time. */
async function inBrowser(url: string, { environment, directory }: Surroundings): Promise<boolean> {
  const opener = openerOn(process.platform, environment);
  if (opener === null) return false;
  try {
    await startDetached({ ...opener, args: [...opener.args, url], directory, environment });
    return true;
  } catch (error) {
    if (error instanceof NoSuchProgram) return false;
    throw error;
  }
}

/** The program that opens an address for a person. Null: the machine has no program for this. */
export function openerOn(
  platform: string,
  environment: Surroundings['environment'],
): { readonly program: string; readonly args: readonly string[] } | null {
  if (platform === 'darwin') return { program: 'open', args: [] };
  if (platform === 'win32') return { program: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  const browser = environment.BROWSER ?? '';
  if (browser !== '' && !/[\s%:]/.test(browser)) return { program: browser, args: [] };
  const screen = environment.DISPLAY || environment.WAYLAND_DISPLAY;
  return screen ? { program: 'xdg-open', args: [] } : null;
}
