import { duck } from '../duck.ts';
import { inProcess } from '../in-process.ts';
import type { TestWorkspace } from '../workspace.ts';

interface RestFlow {
  readonly home?: string;
  readonly flow?: string;
  readonly endpoint?: string;
  readonly store?: string;
}

/** A table that the tests ask for its rows. */
export const copyDb = '{ type: sqlite, path: copy.db }';

/** Writes a flow that reads one list of an API into a lake of parquet files. */
export function restFlow(
  workspace: TestWorkspace,
  url: string,
  { home = '', flow = '', endpoint = '"{entity}"', store = 'lake' }: RestFlow = {},
): void {
  workspace.write({
    'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${url}
  endpoint: ${endpoint}
${indented(home)}
store: ${store}
${flow}
entities: [items]
`,
  });
}

const indented = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

/** What settled, a text for each row. */
export async function settledRows(workspace: TestWorkspace, row = 'id', by = 'id'): Promise<readonly string[]> {
  const found = await duck(
    `select ${row} as one from read_parquet('${workspace.path('lake/items/*.parquet')}', union_by_name = true) order by ${by}`,
  );
  return found.map(({ one }) => String(one));
}

/** What `debug` suggests for the one entity of a workspace: keys of its home without their indentation, and lines beside it. */
export async function suggestion(
  workspace: TestWorkspace,
): Promise<{ readonly home: string; readonly beside: readonly string[]; readonly why: readonly string[] } | undefined> {
  const { stdout } = await inProcess(['debug', '--output', 'json'], workspace.root, {});
  const findings = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const found = findings.find(({ proposal }) => proposal?.length > 0);
  if (found === undefined) return undefined;
  const lines = found.proposal as readonly string[];
  const isHome = (line: string) => line.startsWith('  ');
  return {
    home: lines.flatMap((line) => (isHome(line) ? [line.slice(2)] : [])).join('\n'),
    beside: lines.filter((line) => !isHome(line)),
    why: found.why,
  };
}
