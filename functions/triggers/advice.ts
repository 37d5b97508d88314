/** Advice for callers over HTTP. Errors are worded for the command line, where most errors occur. */
import type { ErrorDetails } from '../../src/ports/events.ts';
import { defined } from '../../src/ports/values.ts';

const command =
  /`?\bhygge (go|backfill|reset|debug|status|journal|preview|list|init|explain|state|schema|config|generate|pack|deploy|infra)\b[^,;:()`]*`?/;
const start = /`?\bhygge go\b((?: (?:--wait|-d|-i|-e (?:'[^']*'|[\w.-]+)))*)`?(?=$|[,;:)]|\.(?:\s|$)| (?!-))/;
const words = / (--wait|-d|-i|-e (?:'[^']*'|[\w.-]+))/g;
const verbose = /^Run it again with -v,? and report what it prints/;

/** Advice to start a run becomes a request. Advice without a matching request is marked as advice for the command line. */
export function adviceForCallers(line: string): string {
  if (verbose.test(line))
    return line.replace(verbose, 'Send the request again, and report the error with the messages in the log of the app');
  const asked = line.replace(start, (_, flags: string) => startOver(flags));
  return command.test(asked) ? `On the command line, where the workspace is: ${asked}` : asked;
}

/** Options of a command, such as `-e shop.orders -d`, as a request. */
function startOver(flags: string): string {
  const body: Record<string, unknown> = {};
  let flow = '<flow>';
  for (const [, flag = ''] of flags.matchAll(words)) {
    if (flag === '-d') body.run_type = 'full_drop';
    if (flag === '-i') body.run_type = 'incremental';
    if (!flag.startsWith('-e ')) continue;
    const name = flag.slice(3).replaceAll("'", '');
    const dot = name.indexOf('.');
    if (dot < 0) continue;
    flow = name.slice(0, dot);
    body.entities = [name.slice(dot + 1)];
  }
  return `POST /api/flows/${flow}/runs ${JSON.stringify(body)}`;
}

/** Vars and the range of a backfill come from the request, not from a command line. */
export function inRequestWords(error: ErrorDetails): ErrorDetails {
  const said = (text: string) => text.replace(/--(from|to|chunk|again)\b/g, 'backfill.$1');
  const { where } = error;
  return {
    ...error,
    what: said(error.what),
    why: error.why.map(said),
    tryThis: error.tryThis.map((line) => adviceForCallers(said(line))),
    ...defined({ where: where && { ...where, file: where.file.replace(/^--var flow\.[^.]+\./, 'vars: ') } }),
  };
}
