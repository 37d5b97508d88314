import { duck } from '../duck.ts';
import type { TestWorkspace } from '../workspace.ts';

/** Writes a flow that reads one list of an API into a lake of parquet files. */
export function restFlow(
  workspace: TestWorkspace,
  url: string,
  { home = '', flow = '', endpoint = '"{entity}"' }: { readonly home?: string; readonly flow?: string; readonly endpoint?: string } = {},
): void {
  workspace.write({
    'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${url}
  endpoint: ${endpoint}
${indented(home)}
store: lake
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
