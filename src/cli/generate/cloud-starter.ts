/** The files of a workspace that runs in a function app without changes. Its data is in a lake, and apps and machines share its state. */
import { gitignore, type NewFile, schemaLine, textFile, workspaceFile } from './starter.ts';

/** A lake or bucket, or a folder in a lake or bucket. */
export interface Lake {
  readonly type: string;
  readonly url: string;
}

export function cloudFiles(name: string, lake: Lake): readonly NewFile[] {
  const flow = 'flows/inbox/flow.yml';
  return [
    workspaceFile(name, stateOf(lake)),
    textFile(
      flow,
      `${schemaLine(flow, 'flow')}

# The data's present place: a folder of files for each entity.
home: ${JSON.stringify(below(lake, 'inbox/{entity}'))}

# The place where it settles.
store: ${JSON.stringify(below(lake, 'settled/{entity}'))}

# Each new file once. full_drop loads everything each time and replaces the earlier rows.
run_type: incremental

# Every night at two (UTC).
schedule: "0 0 2 * * *"

entities: [orders]
`,
    ),
    gitignore,
  ];
}

/** The key `state:` for a lake. An account of Data Lake Storage also has tables, which store the state. For any other lake, the state is next to the data. */
function stateOf(lake: Lake): string {
  const account = /[@/]([a-z0-9]+)\.dfs\.(core\.[a-z.]+)(?=[/:]|$)/i.exec(lake.url);
  const place =
    lake.type === 'adls' && account
      ? ['  type: table_storage', `  account_url: https://${account[1]}.table.${account[2]}`]
      : ['  type: object', `  path: ${JSON.stringify(below(lake, 'state'))}`];
  return ['# What has settled: apps and machines share it.', 'state:', ...place, ''].join('\n');
}

const below = ({ url }: Lake, path: string) => `${url.replace(/\/+$/, '')}/${path}`;
