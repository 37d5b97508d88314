/** A process of its own that moves one state row for ever or a number of times, with a journal row for each move. Says each epoch it made. */
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { openSqlState, type SqlPlace } from './sql-state.ts';
import { emptyRow, journalRowOf } from './state-rows.ts';

const [place = '', times = 'Infinity'] = process.argv.slice(2);
const key = { flow: 'crm', entity: 'Account' };
const state = place.startsWith('{')
  ? (await openSqlState(JSON.parse(place) as SqlPlace)).state
  : filesState({ files: localFileSystem(place) });

for (let won = 0; won < Number(times); ) {
  const now = await state.read(key);
  const epoch = (now?.row.epoch ?? 0) + 1;
  const journal = journalRowOf(`R${epoch}.1`, '2026-11-20T08:00:00.000Z', { epoch });
  const written = await state.write(key, now?.etag, { ...emptyRow, epoch, writeId: `${process.pid}-${epoch}` }, journal);
  if (written === 'moved') continue;
  won += 1;
  process.stdout.write(`${epoch}\n`);
}
process.exit();
