import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { nodeAt } from '../support/dfs/server.ts';
import { rules } from '../support/fabric-replicator/rules.ts';
import { numbered, parquetOf, rowsFile, type Scene, startScene } from '../support/fabric-replicator/scene.ts';
import { SEED } from '../support/samples.ts';

const keyed = { keyColumns: ['id'] };

async function replicated(scene: Scene, table: string): Promise<readonly object[]> {
  const rows = await scene.replicator.rows(table);
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const broken = (scene: Scene): readonly string[] => scene.replicator.violations.map(({ rule }) => rule);

test('each rule names the page of Microsoft that it comes from', () => {
  for (const { page, says } of Object.values(rules)) {
    expect(page.address).toMatch(/^https:\/\/learn\.microsoft\.com\/fabric\/mirroring\//);
    expect(page.title).not.toBe('');
    expect(says).toMatch(/^\S.*\.$/);
  }
});

describe('the order of files', () => {
  test('is that of contiguous numbers, and a gap holds up every later file', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id, name', "(1, 'a')")]);
    scene.put(`orders/${numbered(3)}`, await rowsFile('id, name', "(3, 'c')"));
    await scene.replicator.turn();
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1, name: 'a' }]);
    expect(scene.replicator.table('orders')).toMatchObject({ status: 'Replicating', waitsFor: '00000000000000000002', error: undefined });
    scene.put(`orders/${numbered(2)}`, await rowsFile('id, name', "(2, 'b')"));
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(3);
    expect(scene.replicator.table('orders')?.waitsFor).toBeUndefined();
    expect(broken(scene)).toEqual([]);
  });

  test('begins at 1', async () => {
    await using scene = await startScene();
    scene.put('orders/_metadata.json', keyed);
    scene.put(`orders/${numbered(2)}`, await rowsFile('id', '(1)'));
    await scene.replicator.turn();
    expect(scene.replicator.tables).toEqual([]);
  });

  test.each([
    '1.parquet',
    '0000000000000000001.parquet',
    '20261126_000000_000000_000001.parquet',
    'part.parquet',
    '00000000000000000002.json',
  ])('does not have %s in it', async (name) => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    scene.put(`orders/${name}`, await rowsFile('id', '(2)'));
    await scene.replicator.turn();
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
    expect(broken(scene)).toEqual(['UnknownName']);
  });

  test('leaves out names that begin with an underscore, at every level', async () => {
    await using scene = await startScene();
    scene.put('_partnerEvents.json', { partnerName: 'hygge' });
    scene.put(`_scratchPad/orders/${numbered(1)}`, await rowsFile('id', '(9)'));
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    scene.put(`orders/_${numbered(2)}`, await rowsFile('id', '(2)'));
    scene.put(`sales.schema/_tmp/${numbered(1)}`, await rowsFile('id', '(3)'));
    await scene.replicator.turn();
    expect(scene.replicator.tables.map(({ name }) => name)).toEqual(['orders']);
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
    expect(broken(scene)).toEqual([]);
  });

  test('is that of LastModified under LastUpdateTimeFileDetection, where equal times go against the names', async () => {
    await using scene = await startScene();
    scene.put('orders/_metadata.json', { ...keyed, fileDetectionStrategy: 'LastUpdateTimeFileDetection', isUpsertDefaultRowMarker: true });
    const put = async (name: string, seconds: number) => {
      const node = scene.put(`orders/${name}.parquet`, await rowsFile('id, name', `(1, '${name}')`));
      node.modified = new Date(seconds * 1000);
    };
    await put('z', 1);
    await put('a', 2);
    await put('b', 2);
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')?.taken).toEqual(['z.parquet', 'b.parquet', 'a.parquet']);
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1, name: 'a' }]);
    await put('late', 0);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1, name: 'late' }]);
    expect(broken(scene)).toEqual([]);
  });

  test('goes on one file a turn where a test wants to look in between', async () => {
    await using scene = await startScene({ filesPerTurn: 1 });
    scene.table('orders', keyed, [await rowsFile('id', '(1)'), await rowsFile('id', '(2)')]);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(1);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(2);
  });

  test('has one file for a number', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    scene.put(`orders/${numbered(1, 'csv')}`, 'id\r\n1\r\n');
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['TwoFilesOneNumber']);
  });

  test('does not look into folders of a table: the layout of partitions is on no page', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    scene.put(`orders/day=1/${numbered(1)}`, await rowsFile('id', '(2)'));
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
    expect(broken(scene)).toEqual(['FolderInTable']);
  });
});

describe('a published file', () => {
  test.each([
    ['of zero bytes', Buffer.alloc(0), 'ZeroByteFile'],
    ['that is cut', Buffer.from('PAR1 and no footer'), 'CorruptFile'],
  ])('%s is refused, and a valid one under its own name repairs the table', async (_, content, rule) => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)'), content, await rowsFile('id', '(3)')]);
    await scene.replicator.turn();
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
    expect(scene.replicator.table('orders')).toMatchObject({ status: 'Failed', error: { rule, file: numbered(2) } });
    scene.remove(`orders/${numbered(2)}`);
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')).toMatchObject({ status: 'Replicating', waitsFor: '00000000000000000002' });
    scene.put(`orders/${numbered(2)}`, await rowsFile('id', '(2)'));
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(3);
    expect(broken(scene)).toEqual([rule]);
  });

  test('of no rows is valid', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)'), await parquetOf('select 1 as id where false')]);
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')).toMatchObject({ status: 'Replicating', taken: [numbered(1), numbered(2)] });
    expect(broken(scene)).toEqual([]);
  });

  test('that was taken is never overwritten, not even with its own bytes', async () => {
    await using scene = await startScene();
    const content = await rowsFile('id', '(1)');
    scene.table('orders', keyed, [content]);
    await scene.replicator.turn();
    scene.put(`orders/${numbered(1)}`, content);
    scene.put(`orders/${numbered(2)}`, await rowsFile('id', '(2)'));
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
    expect(broken(scene)).toEqual(['OverwrittenFile']);
    await scene.replicator.turn();
    expect(broken(scene)).toHaveLength(1);
  });

  test('may be rewritten with its own bytes where contents are compared', async () => {
    await using scene = await startScene({ overwriteDetection: 'content' });
    const content = await rowsFile('id', '(1)');
    scene.table('orders', keyed, [content]);
    await scene.replicator.turn();
    scene.put(`orders/${numbered(1)}`, content);
    await scene.replicator.turn();
    expect(broken(scene)).toEqual([]);
    scene.put(`orders/${numbered(1)}`, await rowsFile('id', '(2)'));
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['OverwrittenFile']);
  });

  test('that waits behind a gap is not overwritten either', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    scene.put(`orders/${numbered(3)}`, await rowsFile('id', '(3)'));
    await scene.replicator.turn();
    scene.put(`orders/${numbered(3)}`, await rowsFile('id', '(4)'));
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['OverwrittenFile']);
  });

  test('whose number was taken and moved away is not published again', async () => {
    await using scene = await startScene();
    const first = await rowsFile('id', '(1)');
    scene.table('orders', keyed, [first, await rowsFile('id', '(2)')]);
    await scene.replicator.turn();
    expect(nodeAt(scene.item, `Files/LandingZone/orders/${numbered(1)}`)).toBeUndefined();
    scene.put(`orders/${numbered(1)}`, first);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(2);
    expect(broken(scene)).toEqual(['RepeatedNumber']);
  });
});

test.each([
  ['below the first', 0, 'parquet'],
  ['taken as another format', 1, 'csv'],
] as const)('a number %s is not published', async (_, number, extension) => {
  await using scene = await startScene();
  scene.table('orders', keyed, [await rowsFile('id', '(1)'), await rowsFile('id', '(2)')]);
  await scene.replicator.turn();
  scene.put(`orders/${numbered(number, extension)}`, await rowsFile('id', '(3)'));
  await scene.replicator.turn();
  expect(broken(scene)).toEqual(['RepeatedNumber']);
});

test('a refused file leaves nothing behind, not even its new column', async () => {
  await using scene = await startScene();
  scene.table('orders', keyed, [await rowsFile('id', '(1)'), await rowsFile('id, more, __rowMarker__', '(1, 1, 4)', '(null, 2, 4)')]);
  await scene.replicator.turn();
  expect(scene.replicator.table('orders')?.columns.map(({ name }) => name)).toEqual(['id']);
  expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
  scene.put(`orders/${numbered(2)}`, await rowsFile('id, more, __rowMarker__', '(2, 2, 4)'));
  await scene.replicator.turn();
  expect(await replicated(scene, 'orders')).toEqual([
    { id: 1, more: null },
    { id: 2, more: 2 },
  ]);
  expect(broken(scene)).toEqual(['NullKey']);
});

describe('__rowMarker__', () => {
  test('0 inserts, 1 updates, 2 deletes, 4 upserts, in the order of rows', async () => {
    await using scene = await startScene();
    scene.table('people', { keyColumns: ['EmployeeID'] }, [
      await rowsFile('EmployeeID, place', "('E1', 'Redmond')", "('E2', 'Redmond')", "('E3', 'Redmond')"),
      await rowsFile(
        'EmployeeID, place, __rowMarker__',
        "('E1', 'Bellevue', 1)",
        "('E4', 'Oslo', 1)",
        "('E2', null, 2)",
        "('E9', null, 2)",
        "('E5', 'Aarhus', 0)",
        "('E3', 'Malmö', 4)",
        "('E6', 'Bergen', 4)",
        "('E6', 'Turku', 4)",
        "('E7', 'Lund', 0)",
        "('E7', null, 2)",
        "('E8', null, 2)",
        "('E8', 'Visby', 0)",
        "('E8', 'Falun', 1)",
      ),
    ]);
    await scene.replicator.turn();
    expect(broken(scene)).toEqual([]);
    expect(await replicated(scene, 'people')).toEqual([
      { EmployeeID: 'E1', place: 'Bellevue' },
      { EmployeeID: 'E3', place: 'Malmö' },
      { EmployeeID: 'E4', place: 'Oslo' },
      { EmployeeID: 'E5', place: 'Aarhus' },
      { EmployeeID: 'E6', place: 'Turku' },
      { EmployeeID: 'E8', place: 'Falun' },
    ]);
    expect(scene.replicator.table('people')?.processedRows).toBe(16);
  });

  test('0 does not look for duplicates', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id, __rowMarker__', '(1, 0)', '(1, 0)'), await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }, { id: 1 }, { id: 1 }]);
    expect(broken(scene)).toEqual([]);
  });

  test.each([
    ['that are in the table', [['(1, 0)', '(1, 0)'], ['(1, 4)']]],
    ['that the file inserted before it', [['(2, 0)'], ['(1, 0)', '(1, 0)', '(1, 1)']]],
    ['one in the table, one of the file', [['(1, 0)'], ['(1, 0)', '(1, 4)']]],
  ])('1 and 4 do not find several rows %s', async (_, files) => {
    await using scene = await startScene();
    scene.table('orders', keyed, await Promise.all(files.map((rows) => rowsFile('id, __rowMarker__', ...rows))));
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['AmbiguousKey']);
  });

  test('4 after 4 finds the one row that the first of them left', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id, n, __rowMarker__', '(1, 1, 0)', '(1, 2, 4)', '(1, 3, 4)', '(1, 4, 1)')]);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1, n: 4 }]);
    expect(broken(scene)).toEqual([]);
  });

  test('2 removes every row of a key, and what comes after it stays', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [
      await rowsFile('id, n, __rowMarker__', '(1, 1, 0)', '(1, 2, 0)'),
      await rowsFile('id, n, __rowMarker__', '(1, null, 2)', '(1, 3, 4)', '(1, 4, 1)'),
    ]);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1, n: 4 }]);
    expect(broken(scene)).toEqual([]);
  });

  test.each(['3', '5', '-1', 'null'])('is not %s', async (value) => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id, __rowMarker__', '(1, 0)', `(2, ${value})`)]);
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['UnknownMarker']);
  });

  test.each(["'4'", '4.0::double'])('is no %s', async (value) => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await parquetOf(`select 1 as id, ${value} as __rowMarker__`)]);
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['UnknownMarker']);
  });

  test('is the last column', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('__rowMarker__, id', '(4, 1)')]);
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['MarkerNotLast']);
    expect(scene.replicator.table('orders')).toMatchObject({ status: 'Failed', taken: [] });
  });

  test('is not needed for upserts where isUpsertDefaultRowMarker is true, and still counts where it is there', async () => {
    await using scene = await startScene();
    scene.table('orders', { ...keyed, isUpsertDefaultRowMarker: true }, [
      await rowsFile('id, n', '(1, 1)', '(2, 1)', '(2, 2)'),
      await rowsFile('id, n', '(1, 3)'),
      await rowsFile('id, n, __rowMarker__', '(2, null, 2)'),
    ]);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1, n: 3 }]);
    expect(broken(scene)).toEqual([]);
  });
});

describe('keys', () => {
  test('of a table without _metadata.json are none: inserts are taken, and recorded', async () => {
    await using scene = await startScene();
    scene.put(`orders/${numbered(1)}`, await rowsFile('id', '(1)'));
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
    expect(broken(scene)).toEqual(['TakenWithoutKeys']);
    expect(scene.replicator.table('orders')).toMatchObject({ keyColumns: [], status: 'Replicating' });
  });

  test.each([
    ['torn', '{"keyColumns": ["id'],
    ['empty', ''],
    ['not quoted, as one example of the page', '{"keyColumns": ["id"], "fileDetectionStrategy": LastUpdateTimeFileDetection}'],
    ['of no list', '{"keyColumns": "id"}'],
    ['of an unknown strategy', '{"keyColumns": ["id"], "fileDetectionStrategy": "Timestamp"}'],
  ])('of a %s _metadata.json are none', async (_, content) => {
    await using scene = await startScene();
    scene.put('orders/_metadata.json', content);
    scene.put(`orders/${numbered(1)}`, await rowsFile('id', '(1)'));
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')?.keyColumns).toEqual([]);
    expect(broken(scene)).toEqual(['TakenWithoutKeys']);
  });

  test.each(['1', '2', '4'])('are needed for marker %s', async (value) => {
    await using scene = await startScene();
    scene.put('orders/_metadata.json', {});
    scene.put(`orders/${numbered(1)}`, await rowsFile('id, __rowMarker__', '(1, 0)', `(1, ${value})`));
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['ChangeWithoutKeys']);
    expect(scene.replicator.table('orders')?.taken).toEqual([]);
  });

  test('can be added later', async () => {
    await using scene = await startScene();
    scene.put('orders/_metadata.json', {});
    scene.put(`orders/${numbered(1)}`, await rowsFile('id, n', '(1, 1)'));
    await scene.replicator.turn();
    scene.put('orders/_metadata.json', keyed);
    scene.put(`orders/${numbered(2)}`, await rowsFile('id, n, __rowMarker__', '(1, 2, 4)'));
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1, n: 2 }]);
    expect(broken(scene)).toEqual([]);
  });

  test.each([
    ['others', { keyColumns: ['n'] }],
    ['more', { keyColumns: ['id', 'n'] }],
    ['none', {}],
    ['torn', '{'],
  ])('are fixed once they are declared: %s', async (_, metadata) => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id, n', '(1, 1)')]);
    await scene.replicator.turn();
    scene.put('orders/_metadata.json', metadata);
    scene.put(`orders/${numbered(2)}`, await rowsFile('id, n', '(2, 2)'));
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['KeysChanged']);
    expect(await replicated(scene, 'orders')).toHaveLength(1);
    scene.put('orders/_metadata.json', keyed);
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')?.status).toBe('Failed');
  });

  test('stay with the other settings, unless an option lets those change', async () => {
    const changed = async (metadataChange: 'refuse' | 'accept') => {
      await using scene = await startScene({ metadataChange });
      scene.table('orders', keyed, [await rowsFile('id, n', '(1, 1)')]);
      await scene.replicator.turn();
      scene.put('orders/_metadata.json', { ...keyed, isUpsertDefaultRowMarker: true });
      scene.put(`orders/${numbered(2)}`, await rowsFile('id, n', '(1, 2)'));
      await scene.replicator.turn();
      return [broken(scene), await replicated(scene, 'orders')];
    };
    expect(await changed('refuse')).toEqual([['MetadataChanged'], [{ id: 1, n: 1 }]]);
    expect(await changed('accept')).toEqual([[], [{ id: 1, n: 2 }]]);
  });

  test('are columns of every file, and have no nulls', async () => {
    await using scene = await startScene();
    scene.table('a', { keyColumns: ['id', 'at'] }, [await rowsFile('id', '(1)')]);
    scene.table('b', keyed, [await rowsFile('id, n', '(1, 1)', '(null, 2)')]);
    await scene.replicator.turn();
    expect(scene.replicator.tables.map(({ name, error }) => [name, error?.rule])).toEqual([
      ['a', 'KeyColumnMissing'],
      ['b', 'NullKey'],
    ]);
  });

  test('compare as values of their types, several together', async () => {
    await using scene = await startScene();
    const columns = 'id, day, n';
    scene.table('orders', { keyColumns: ['id', 'day'] }, [
      await rowsFile(columns, "(1, timestamp '2026-01-01 00:00:00.000001', 1)", "(1, timestamp '2026-01-01 00:00:00', 1)"),
      await rowsFile(`${columns}, __rowMarker__`, "(1, timestamp '2026-01-01 00:00:00', 2, 4)"),
    ]);
    await scene.replicator.turn();
    expect((await replicated(scene, 'orders')).map((row) => (row as { n: number }).n).sort()).toEqual([1, 2]);
  });
});

describe('the columns of a table', () => {
  test('are those of all files: added ones come, and dropped nullable ones are null in new rows', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [
      await rowsFile('id, a', "(1, 'x')"),
      await rowsFile('id, a, b', "(2, 'y', 2.5)"),
      await rowsFile('id, b, __rowMarker__', '(3, 3.5, 4)', '(1, 1.5, 4)'),
    ]);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([
      { id: 1, a: null, b: '1.5' },
      { id: 2, a: 'y', b: '2.5' },
      { id: 3, a: null, b: '3.5' },
    ]);
    expect(broken(scene)).toEqual([]);
  });

  test.each([
    ['wider', '2::bigint'],
    ['narrower', '2::smallint'],
    ['text', "'2'"],
    ['a decimal', '2::decimal(9, 0)'],
  ])('keep their types: a retyped one (%s) stops the table until its folder is made again', async (_, value) => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await parquetOf('select 1 as id, 1::integer as n'), await parquetOf(`select 2 as id, ${value} as n`)]);
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')).toMatchObject({ status: 'Failed', error: { rule: 'ColumnRetyped' } });
    scene.put(`orders/${numbered(2)}`, await parquetOf('select 2 as id, 2::integer as n'));
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')?.status).toBe('Failed');
    scene.remove('orders');
    await scene.replicator.turn();
    expect(scene.replicator.tables).toEqual([]);
    scene.table('orders', keyed, [await parquetOf(`select 2 as id, ${value} as n`)]);
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')?.status).toBe('Replicating');
    expect(broken(scene)).toEqual(['ColumnRetyped']);
  });

  const required = (values: Record<string, number[]>, notNull: readonly string[]): Buffer =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: Object.entries(values).map(([name, data]) => ({
          name,
          data,
          type: 'INT32' as const,
          nullable: !notNull.includes(name),
        })),
      }),
    );

  test('that are not null are in every file', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [required({ id: [1], n: [1] }, ['id', 'n']), required({ id: [2] }, ['id'])]);
    await scene.replicator.turn();
    expect(scene.replicator.table('orders')).toMatchObject({ error: { rule: 'NotNullDropped', file: numbered(2) }, taken: [numbered(1)] });
    scene.put(`orders/${numbered(2)}`, required({ id: [2], n: [2] }, ['id', 'n']));
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(2);
  });

  test.each([
    ['added as not null', 'RequiredAdded', ['id'], ['id', 'n'], { requiredAdded: 'accept' }],
    ['not null no longer', 'RequiredRelaxed', ['id', 'n'], ['id'], { requiredRelaxed: 'accept' }],
  ] as const)('that are %s are refused, unless an option takes them', async (_, rule, first, second, accept) => {
    const files = [required(rule === 'RequiredAdded' ? { id: [1] } : { id: [1], n: [1] }, first), required({ id: [2], n: [2] }, second)];
    for (const options of [{}, accept]) {
      await using scene = await startScene(options);
      scene.table('orders', keyed, files);
      await scene.replicator.turn();
      expect(broken(scene)).toEqual(options === accept ? [] : [rule]);
    }
  });

  test.each(['[1]', "{'a': 1}", "map {'a': 1}"])('have no nested values such as %s', async (value) => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await parquetOf(`select 1 as id, ${value} as v`)]);
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['NestedColumn']);
  });

  test.each(["time '10:00'", '1::uinteger', '1::ubigint', "timestamp_ns '2026-01-01'", 'uuid()'])(
    'are of types that Delta has: %s is taken only where an option says so',
    async (value) => {
      const content = await parquetOf(`select 1 as id, ${value} as v`);
      for (const types of ['delta', 'any simple'] as const) {
        await using scene = await startScene({ types });
        scene.table('orders', keyed, [content]);
        await scene.replicator.turn();
        expect(broken(scene)).toEqual(types === 'delta' ? ['TypeNotInDelta'] : []);
      }
    },
  );
});

describe('delimited text', () => {
  const columns = [
    { Name: 'id', DataType: 'Int32' },
    { Name: 'name', DataType: 'String', IsNullable: true },
    { Name: 'at', DataType: 'DateTime', IsNullable: true },
  ];

  test('has its types in SchemaDefinition, and its marker last', async () => {
    await using scene = await startScene();
    scene.put('orders/_metadata.json', { keyColumns: ['id'], SchemaDefinition: { Columns: columns } });
    scene.put(`orders/${numbered(1, 'csv')}`, 'id,name,at\r\n1,"a, b",2026-01-02 03:04:05\r\n2,,\r\n');
    scene.put(`orders/${numbered(2, 'csv')}`, 'id,name,at,__rowMarker__\r\n1,,,2\r\n3,c,,4\r\n');
    await scene.replicator.turn();
    expect(broken(scene)).toEqual([]);
    expect(await replicated(scene, 'orders')).toEqual([
      { id: 2, name: null, at: null },
      { id: 3, name: 'c', at: null },
    ]);
  });

  test('follows FileFormatTypeProperties, with another extension', async () => {
    await using scene = await startScene();
    scene.put('orders/_metadata.json', {
      KeyColumns: ['id'],
      SchemaDefinition: { Columns: columns },
      FileFormat: 'DelimitedText',
      FileExtension: 'tsv',
      FileFormatTypeProperties: {
        FirstRowAsHeader: true,
        RowSeparator: '\n',
        ColumnSeparator: '\t',
        QuoteCharacter: "'",
        NullValue: 'N/A',
      },
    });
    scene.put(`orders/${numbered(1, 'tsv')}`, "id\tname\n1\t'a\tb'\n2\tN/A\n");
    await scene.replicator.turn();
    expect(broken(scene)).toEqual([]);
    expect(await replicated(scene, 'orders')).toEqual([
      { id: 1, name: 'a\tb' },
      { id: 2, name: null },
    ]);
  });

  test.each([
    ['without SchemaDefinition', keyed, 'id\r\n1\r\n', 'CsvSchemaMissing'],
    [
      'with a column that has no type there',
      { ...keyed, SchemaDefinition: { Columns: columns } },
      'id,more\r\n1,2\r\n',
      'CsvSchemaEvolved',
    ],
    ['without a column that is not null', { ...keyed, SchemaDefinition: { Columns: columns } }, 'name\r\na\r\n', 'CsvSchemaEvolved'],
    ['whose values are not of their type', { ...keyed, SchemaDefinition: { Columns: columns } }, 'id\r\na\r\n', 'CorruptFile'],
  ])('is refused %s', async (_, metadata, content, rule) => {
    await using scene = await startScene();
    scene.put('orders/_metadata.json', metadata);
    scene.put(`orders/${numbered(1, 'csv')}`, content);
    await scene.replicator.turn();
    expect(broken(scene)).toEqual([rule]);
  });
});

describe('tables', () => {
  test('are folders, in folders of schemas or without', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    scene.table('sales.schema/orders', keyed, [await rowsFile('id', '(2)')]);
    await scene.replicator.turn();
    expect(scene.replicator.tables.map(({ schema, table }) => [schema, table])).toEqual([
      [undefined, 'orders'],
      ['sales', 'orders'],
    ]);
    expect(await replicated(scene, 'sales.orders')).toEqual([{ id: 2 }]);
    expect(await scene.replicator.query('select count(*)::integer as n from "sales.orders"')).toEqual([{ n: 1 }]);
  });

  test('disappear after their folder is deleted, and reappear after it is made again, each when the clock says', async () => {
    await using scene = await startScene({ appearsAfter: 5_000, disappearsAfter: 60_000, reappearsAfter: 90_000 });
    const turnAfter = async (milliseconds: number) => {
      scene.clock.now += milliseconds;
      await scene.replicator.turn();
      return scene.replicator.tables.map(({ name }) => name);
    };
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    expect(await turnAfter(0)).toEqual([]);
    expect(await turnAfter(5_000)).toEqual(['orders']);
    scene.remove('orders');
    expect(await turnAfter(0)).toEqual(['orders']);
    expect(await turnAfter(59_999)).toEqual(['orders']);
    expect(await turnAfter(1)).toEqual([]);
    scene.table('orders', keyed, [await parquetOf("select 'a' as id"), await parquetOf("select 'b' as id")]);
    expect(await turnAfter(0)).toEqual([]);
    expect(await turnAfter(89_999)).toEqual([]);
    expect(await turnAfter(1)).toEqual(['orders']);
    expect(await replicated(scene, 'orders')).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(broken(scene)).toEqual([]);
  });

  test('that are made again take no increment that was there before they reappeared', async () => {
    await using scene = await startScene({ reappearsAfter: 10 });
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    scene.remove('orders');
    await scene.replicator.turn();
    scene.table('orders', keyed, [await rowsFile('id', '(1)'), await rowsFile('id, __rowMarker__', '(2, 4)')]);
    await scene.replicator.turn();
    scene.clock.now += 10;
    await scene.replicator.turn();
    expect(broken(scene)).toEqual(['EarlyIncrement']);
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
  });

  test('that are made again take increments once they have reappeared', async () => {
    await using scene = await startScene({ reappearsAfter: 10 });
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    scene.remove('orders');
    await scene.replicator.turn();
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    scene.clock.now += 10;
    await scene.replicator.turn();
    scene.put(`orders/${numbered(2)}`, await rowsFile('id, __rowMarker__', '(2, 4)'));
    await scene.replicator.turn();
    expect(broken(scene)).toEqual([]);
    expect(await replicated(scene, 'orders')).toHaveLength(2);
  });

  test.each(['refuse', 'rebuild'] as const)('whose folder is made again before they have disappeared: %s', async (hastyRecreation) => {
    await using scene = await startScene({ disappearsAfter: 10, hastyRecreation });
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    scene.remove('orders');
    scene.table('orders', keyed, [await rowsFile('id', '(2)')]);
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toEqual([{ id: 1 }]);
    scene.clock.now += 10;
    await scene.replicator.turn();
    if (hastyRecreation === 'rebuild') {
      expect(broken(scene)).toEqual([]);
      expect(await replicated(scene, 'orders')).toEqual([{ id: 2 }]);
    } else {
      expect(broken(scene)).toEqual(['HastyRecreation']);
      expect(scene.replicator.table('orders')).toMatchObject({ status: 'Failed', taken: [] });
    }
  });

  test('are at most as many as the limit', async () => {
    await using scene = await startScene({ maxTables: 1 });
    scene.table('a', keyed, [await rowsFile('id', '(1)')]);
    scene.table('b', keyed, [await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    await scene.replicator.turn();
    expect(scene.replicator.tables.map(({ name }) => name)).toEqual(['a']);
    expect(scene.replicator.violations).toMatchObject([{ rule: 'TooManyTables', table: 'b' }]);
  });
});

describe('processed files', () => {
  const namesIn = (scene: Scene, folder: string): readonly string[] => {
    const node = nodeAt(scene.item, `Files/LandingZone/${folder}`);
    return node?.kind === 'folder' ? [...node.children.keys()].sort() : [];
  };

  test.each(['_ProcessedFiles', '_FilesReadyToDelete'] as const)(
    'move to %s but for the last, and are removed after seven days',
    async (folder) => {
      await using scene = await startScene({ movedAfter: 1_000, processedFolder: folder });
      const files = await Promise.all([1, 2, 3].map((id) => rowsFile('id', `(${id})`)));
      scene.table('orders', keyed, files);
      await scene.replicator.turn();
      expect(namesIn(scene, 'orders')).toContain(numbered(1));
      scene.clock.now += 1_000;
      await scene.replicator.turn();
      expect(namesIn(scene, 'orders')).toEqual([numbered(3), '_metadata.json', folder].sort());
      expect(namesIn(scene, `orders/${folder}`)).toEqual([numbered(1), numbered(2)]);
      scene.clock.now += 7 * 24 * 60 * 60 * 1000 - 1;
      await scene.replicator.turn();
      expect(namesIn(scene, `orders/${folder}`)).toHaveLength(2);
      scene.clock.now += 1;
      await scene.replicator.turn();
      expect(namesIn(scene, `orders/${folder}`)).toEqual([]);
      scene.put(`orders/${numbered(4)}`, await rowsFile('id', '(4)'));
      await scene.replicator.turn();
      expect(await replicated(scene, 'orders')).toHaveLength(4);
      expect(broken(scene)).toEqual([]);
    },
  );

  test('all move where an option says so', async () => {
    await using scene = await startScene({ lastFileStays: false });
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    expect(namesIn(scene, 'orders')).toEqual(['_ProcessedFiles', '_metadata.json']);
    scene.put(`orders/${numbered(2)}`, await rowsFile('id', '(2)'));
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(2);
  });
});

describe('a database', () => {
  test('that is stopped takes nothing, and begins anew when it is started', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)'), await rowsFile('id', '(2)')]);
    await scene.replicator.turn();
    scene.replicator.status = 'Stopping';
    scene.put(`orders/${numbered(3)}`, await rowsFile('id', '(3)'));
    await scene.replicator.turn();
    expect(scene.replicator.status).toBe('Stopped');
    expect(await replicated(scene, 'orders')).toHaveLength(2);
    scene.replicator.status = 'Starting';
    await scene.replicator.turn();
    // The first file has been moved away, and no page says that it is read from there.
    expect(scene.replicator.status).toBe('Running');
    expect(scene.replicator.tables).toEqual([]);
  });

  test('that is stopped goes on where it was, where an option says so', async () => {
    await using scene = await startScene({ restart: 'continue' });
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    scene.replicator.status = 'Stopped';
    scene.put(`orders/${numbered(2)}`, await rowsFile('id', '(2)'));
    await scene.replicator.turn();
    scene.replicator.status = 'Starting';
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(2);
  });

  test('of a paused capacity takes nothing, and is Paused once the capacity is resumed', async () => {
    await using scene = await startScene();
    scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
    await scene.replicator.turn();
    scene.replicator.pauseCapacity();
    scene.put(`orders/${numbered(2)}`, await rowsFile('id', '(2)'));
    await scene.replicator.turn();
    scene.replicator.resumeCapacity();
    await scene.replicator.turn();
    expect(scene.replicator.status).toBe('Paused');
    expect(await replicated(scene, 'orders')).toHaveLength(1);
    scene.replicator.status = 'Running';
    await scene.replicator.turn();
    expect(await replicated(scene, 'orders')).toHaveLength(2);
  });

  test('has a fresh time of synchronisation at a table that waits at a gap, unless an option ties it to files', async () => {
    const times = async (lastSync: 'each iteration' | 'each file') => {
      await using scene = await startScene({ lastSync });
      const began = scene.clock.now;
      scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
      scene.put(`orders/${numbered(3)}`, await rowsFile('id', '(3)'));
      await scene.replicator.turn();
      scene.clock.now += 1_000;
      await scene.replicator.turn();
      return (scene.replicator.table('orders')?.lastSync ?? 0) - began;
    };
    expect(await times('each iteration')).toBe(1_000);
    expect(await times('each file')).toBe(0);
  });
});

test('rows are applied as a model of single rows applies them', async () => {
  let state = SEED;
  const pick = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  await using scene = await startScene({ ambiguousKeys: 'replace all', nullKeys: 'match' });
  scene.put('orders/_metadata.json', { keyColumns: ['a', 'b'] });
  let model: { a: number | null; b: string; n: number }[] = [];
  for (let file = 1; file <= 12; file++) {
    const rows: string[] = [];
    for (let row = 0; row < 20; row++) {
      const marker = [0, 1, 2, 4][pick(4)] ?? 0;
      const one = { a: pick(4) === 0 ? null : pick(3), b: 'xy'[pick(2)] ?? 'x', n: file * 100 + row };
      rows.push(`(${one.a}::integer, '${one.b}', ${one.n}, ${marker})`);
      if (marker !== 0) model = model.filter(({ a, b }) => a !== one.a || b !== one.b);
      if (marker !== 2) model.push(one);
    }
    scene.put(`orders/${numbered(file)}`, await rowsFile('a, b, n, __rowMarker__', ...rows));
    await scene.replicator.turn();
    const order = (x: { n: number }, y: { n: number }) => x.n - y.n;
    const found = (await scene.replicator.rows('orders')) as unknown as typeof model;
    expect([...found].sort(order), `seed ${SEED}, file ${file}`).toEqual([...model].sort(order));
  }
  expect(broken(scene)).toEqual([]);
});
