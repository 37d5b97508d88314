/** `type: journal`: the journal of the workspace, as a home. */
import * as z from 'zod';
import { type Connector, defineConnector, type HomeSide, type Opening } from '../engine/contracts/connector.ts';
import type { Home } from '../engine/contracts/home.ts';
import { DefectError } from '../errors/hygge-error.ts';
import { journalHome } from './home.ts';

const config = z
  .strictObject({})
  .describe('The journal of this workspace, a row for each entity run: [journal.md](journal.md). This home has no keys of its own.');
type JournalConfig = z.infer<typeof config>;

async function open(_config: JournalConfig, { journal, clock, flow, entity }: Opening): Promise<Home> {
  if (journal) return journalHome({ state: journal, clock, reader: { flow, entity } });
  throw new DefectError({ code: 'HYG-9001', what: 'The journal home was opened without a journal.', tryThis: ['Report this'] });
}

const home: HomeSide<JournalConfig> = {
  config,
  open,
  probe: async (written, opening) => {
    await (await open(written, opening)).bound({ column: 'finished_at', lagMs: 0, future: 'wait' });
    return [{ ok: true, what: 'reads the journal of this workspace' }];
  },
  requirements: () => [],
};

export const journal: Connector = defineConnector({
  id: 'journal',
  summary: 'The journal of this workspace: a row for each entity run',
  family: 'others',
  verifiedAgainst: 'journals in files, mirrored to Parquet, CSV and NDJSON, read again by DuckDB',
  home,
});
