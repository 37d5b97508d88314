import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { count, duck } from '../support/duck.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';
import { CopyFolder } from './folder.ts';

/** A line of a shell, in which `hygge` is the command itself. */
function shell(folder: CopyFolder, line: string) {
  buildOnce();
  const script = `set -o pipefail\nhygge() { "${node}" "${hyggeCommand}" "$@"; }\n${line}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder.root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { status, stdout, stderr };
}

describe('hygge copy from -', () => {
  it('settles what is piped in, replaces it by what is piped in next, and by nothing when nothing comes', async () => {
    using folder = new CopyFolder({ 'a.csv': 'id,name\n1,"x, y"\n2,\n', 'b.csv': 'id,name\n7,z\n' });
    const first = shell(folder, 'cat a.csv | hygge copy - lake/orders --format csv');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toContain('From -');
    expect(await duck(`select * from '${folder.path('lake/orders')}/*.parquet' order by id`)).toEqual([
      { id: '1', name: 'x, y' },
      { id: '2', name: null },
    ]);
    expect(shell(folder, 'cat b.csv | hygge copy - lake/orders --format csv').status).toBe(0);
    const nothing = shell(folder, 'false | hygge copy - lake/orders --format csv');
    expect(nothing).toMatchObject({ status: 2, stderr: expect.stringContaining('The pipe contained nothing.') });
    expect(await duck(`select id from '${folder.path('lake/orders')}/*.parquet'`)).toEqual([{ id: '7' }]);
    expect(await folder.copy('a.csv', 'lake/orders')).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1319') });
  });

  it('settles nothing of a pipe that is torn', async () => {
    using folder = new CopyFolder();
    const torn = shell(folder, `printf '{"id":1}\\n{"id":' | hygge copy - out --format ndjson`);
    expect(torn.status).toBe(1);
    expect(readdirSync(folder.path('out')).filter((name) => name.endsWith('.parquet'))).toEqual([]);
  });
});

describe('hygge copy to -', () => {
  it('prints the rows alone on stdout, and speaks to people on stderr', () => {
    using folder = new CopyFolder({ 'in/a.csv': 'id,name\n1,"x, y"\n', 'in/b.csv': 'id,name\n2,ø\n' });
    const csv = shell(folder, 'hygge copy in -');
    expect(csv).toMatchObject({ status: 0, stdout: 'id,name\n1,"x, y"\n2,ø\n' });
    expect(csv.stderr).toMatch(/in → - {2}From .*\n +to - \(full load\)/);
    expect(csv.stderr).toContain('Done. PASS=1');
    expect(csv.stderr).not.toContain('hygge-scratch-');
    expect(readdirSync(folder.root)).toEqual(['in']);
  });

  it('ends quietly when its reader has had enough', async () => {
    using folder = new CopyFolder();
    await duck(
      `copy (select range as id, md5(range::varchar) as noise from range(20000)) to '${folder.path('many.parquet')}' (format parquet)`,
    );
    const head = shell(folder, 'hygge copy many.parquet - 2>err | head -1 && tail -1 err');
    expect(head).toMatchObject({ status: 0, stdout: 'id,noise\nDone. PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1\n', stderr: '' });
  });

  it('prints nothing of a source that can not be read', async () => {
    using folder = new CopyFolder({ 'in.ndjson': '{"id":1}\n{"id":' });
    expect(await folder.copy('in.ndjson', '-')).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('what can not be said of a pipe ends with 2', () => {
  it.each([
    [['-', '-'], 'HYG-1322 FROM and TO are both -'],
    [['-', 'out'], 'The format of - is unknown'],
    [['-', 'out', '--format', 'csv'], 'Nothing is piped into this copy'],
    [['in.csv', '-', '--format', 'parquet'], '- is CSV or NDJSON'],
    [['in.csv', '-', '--save', 'flows/a'], 'can not be saved'],
  ])('%j', async (args, says) => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n' });
    const told = await folder.copy(...args);
    expect(told.code).toBe(2);
    expect(told.stderr).toContain(says);
    expect(readdirSync(folder.root)).toEqual(['in.csv']);
  });
});

describe('a terminal that closes', () => {
  it('loses nothing: the same copy again ends as if nothing had been', async () => {
    using folder = new CopyFolder();
    await duck(
      `copy (select range as id, md5(range::varchar) as noise from range(20000)) to '${folder.path('many.parquet')}' (format parquet)`,
    );
    writeFileSync(
      folder.path('hang-up.sh'),
      `"${node}" "${hyggeCommand}" copy many.parquet out.csv >said 2>&1 &\nuntil grep -q From said || ! kill -0 $!; do sleep 0.02; done\nkill -HUP $!\nwait $!\necho "$?"\n`,
    );
    const said = execFileSync('bash', ['hang-up.sh'], { cwd: folder.root, encoding: 'utf8' });
    expect(said.trimEnd().split('\n').at(-1)).toMatch(/^(0|129)$/);
    const again = await folder.copy('many.parquet', 'out.csv');
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await count(`select count(*) as n from '${folder.path('out.csv')}'`)).toBe(20_000);
  });
});
