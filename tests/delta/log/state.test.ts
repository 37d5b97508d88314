import { describe, expect, test } from 'vitest';
import { type DeltaCommit, openLog, snapshotOf } from '../../../src/delta/log/log.ts';
import { add, features, metaData, protocol, remove, vector, WrittenLog } from './written-log.ts';

const begin = [protocol(), metaData()];
const beginWithVectors = [features('deletionVectors'), metaData()];

/** Path and vector of each file. */
async function filesOf(log: WrittenLog): Promise<readonly string[]> {
  const { files } = await snapshotOf(log.access, 'newest');
  return files.map((file) => `${file.path}${file.vector === null ? '' : ` ${file.vector.pathOrInlineDv}@${file.vector.offset}`}`).sort();
}

const refusal = async (log: WrittenLog) =>
  snapshotOf(log.access, 'newest').then(
    () => undefined,
    (error: unknown) => error,
  );

async function changesOf(log: WrittenLog, since: number): Promise<readonly DeltaCommit[]> {
  const increment = await (await openLog(log.access)).since(since);
  return increment.outcome === 'changes' ? increment.commits : [];
}

describe('a commit', () => {
  test('removes and adds, in any order', async () => {
    const one = await WrittenLog.of([...begin, add('a'), add('b')], [remove('a'), add('c')]);
    const other = await WrittenLog.of([add('b'), metaData(), add('a'), protocol()], [add('c'), remove('a')]);
    expect(await filesOf(one)).toEqual(['b', 'c']);
    expect(await filesOf(other)).toEqual(['b', 'c']);
  });

  test('that adds a path again counts it once, by the newer action', async () => {
    const log = await WrittenLog.of([...begin, add('a')], [add('a', { stats: '{"numRecords":7}', dataChange: false })]);
    const { files } = await snapshotOf(log.access, 'newest');
    expect(files.map(({ stats }) => stats)).toEqual(['{"numRecords":7}']);
    const [commit] = await changesOf(log, 0);
    expect(commit?.changes).toMatchObject([{ before: { path: 'a' }, after: { path: 'a' }, dataChange: false }]);
  });

  test('that adds a path twice counts it once', async () => {
    const log = await WrittenLog.of([...begin, add('a'), add('a', { size: 7 })]);
    expect((await snapshotOf(log.access, 'newest')).files.map(({ bytes }) => bytes)).toEqual([7]);
  });

  test('that adds and removes the same file contradicts itself', async () => {
    const log = await WrittenLog.of(begin, [add('a'), remove('a')]);
    expect(await refusal(log)).toMatchObject({ code: 'HYG-3707', why: ['The log file adds and removes a.'] });
    const same = await WrittenLog.of(beginWithVectors, [add('a', vector('v')), remove('a', vector('v'))]);
    expect(await refusal(same)).toMatchObject({ code: 'HYG-3707', why: ['The log file adds and removes a with the same vector.'] });
  });

  test('that removes what is not there changes nothing: also in another percent-encoding, or with another vector', async () => {
    const log = await WrittenLog.of([...beginWithVectors, add('a%20b', vector('v'))], [remove('c'), remove('a b'), remove('a%20b')]);
    expect(await filesOf(log)).toEqual(['a%20b v@1']);
    expect((await changesOf(log, 0)).map(({ changes }) => changes)).toEqual([[]]);
  });

  test('that ends without a newline, has CRLF, blank lines, nulls and unknown actions is read', async () => {
    const log = await WrittenLog.of(begin);
    const lines = [
      JSON.stringify({ add: null, remove: null, ...add('a', { tags: null, deletionVector: null }) }),
      '',
      '{"newAction":{"x":1}}',
    ];
    await log.write('00000000000000000001.json', lines.join('\r\n'));
    expect(await filesOf(log)).toEqual(['a']);
  });

  test.each([
    ['is cut', '{"add":{"path":"a","par', /Line 1: it is not JSON/],
    ['holds nothing', '', /no action/],
    ['holds blank lines alone', '\n\r\n', /no action/],
    ['holds a list', '[1]', /a line is not a JSON object/],
    ['is not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), /Line 1 is not UTF-8/],
    ['adds no path', '{"add":{"size":1}}', /add has no path/],
    ['adds a file of no size', JSON.stringify(add('a', { size: null })), /add has no whole number size/],
    ['adds a value that is not text', JSON.stringify(add('a', { partitionValues: { p: 1 } })), /partitionValues of a has a value of p/],
    ['adds a vector of no kind', JSON.stringify(add('a', { deletionVector: {} })), /deletionVector of a has no storageType/],
  ])('that %s is refused', async (_, content, why) => {
    const log = await WrittenLog.of(begin);
    await log.write('00000000000000000001.json', content);
    expect(await refusal(log)).toMatchObject({ code: 'HYG-3705', why: [expect.stringMatching(why)] });
  });

  test('larger than one request is the same as a small one', async () => {
    const long = Array.from({ length: 60 }, (_, i) => add(`f${i}`, { tags: { long: 'ä'.repeat(100_000) } }));
    const log = await WrittenLog.of(begin, [...long, remove('other')]);
    expect(await filesOf(log)).toEqual(long.map((_, i) => `f${i}`).sort());
    expect(log.asked.filter((one) => one.endsWith('1.json')).length).toBe(2);
  });
});

describe('a deletion vector', () => {
  test('that grows removes and adds one path', async () => {
    const log = await WrittenLog.of(
      [...beginWithVectors, add('a')],
      [remove('a'), add('a', vector('v', 2))],
      [add('a', vector('v', 3, 9)), remove('a', vector('v', 2))],
    );
    expect(await filesOf(log)).toEqual(['a v@9']);
    expect((await changesOf(log, 0)).map(({ changes }) => changes)).toMatchObject([
      [{ before: { vector: null }, after: { vector: { cardinality: 2 } }, dataChange: true }],
      [{ before: { vector: { cardinality: 2 } }, after: { vector: { cardinality: 3 } } }],
    ]);
  });

  test('has an id of its storage, its path and its offset', async () => {
    const without = vector('v', 1, undefined);
    const log = await WrittenLog.of([...beginWithVectors, add('a', vector('v', 1, 0))], [remove('a', without)]);
    expect(await filesOf(log)).toEqual(['a v@0']);
  });

  test('next to another one of the same file contradicts the log', async () => {
    const twice = await WrittenLog.of(beginWithVectors, [add('a', vector('v')), add('a', vector('w'))]);
    expect(await refusal(twice)).toMatchObject({ code: 'HYG-3707', why: ['The log file adds a twice, with two vectors.'] });
    const later = await WrittenLog.of([...beginWithVectors, add('a', vector('v'))], [add('a')]);
    expect(await refusal(later)).toMatchObject({ code: 'HYG-3707' });
  });

  test('is refused where the protocol has no such feature, or where its storage is unknown', async () => {
    expect(await refusal(await WrittenLog.of([...begin, add('a', vector('v'))]))).toMatchObject({ code: 'HYG-3707' });
    const unknown = { deletionVector: { storageType: 'q', pathOrInlineDv: 'v', sizeInBytes: 1, cardinality: 1 } };
    const log = await WrittenLog.of([...beginWithVectors, add('a', unknown)], [remove('a', unknown)]);
    expect(await filesOf(log)).toEqual([]);
    await expect(snapshotOf(log.access, { version: 0 })).rejects.toMatchObject({ code: 'HYG-3708' });
  });
});

describe('protocol and metaData', () => {
  test('count by the newest action', async () => {
    const log = await WrittenLog.of(
      begin,
      [metaData({ name: 'later', configuration: { 'delta.appendOnly': 'true' } })],
      [protocol({ minWriterVersion: 3 })],
    );
    const { protocol: newest, metadata } = await snapshotOf(log.access, 'newest');
    expect(newest).toEqual({ minReaderVersion: 1, minWriterVersion: 3, readerFeatures: null, writerFeatures: null });
    expect(metadata).toMatchObject({ name: 'later', configuration: { 'delta.appendOnly': 'true' } });
    const commits = await changesOf(log, 0);
    expect(commits.map((commit) => [commit.metadata?.name, commit.protocol?.minWriterVersion])).toEqual([
      ['later', undefined],
      [undefined, 3],
    ]);
  });

  test('twice in one commit count once where they are equal, and contradict it otherwise', async () => {
    expect(await filesOf(await WrittenLog.of([...begin, ...begin, add('a')]))).toEqual(['a']);
    for (const other of [metaData({ name: 'other' }), protocol({ minWriterVersion: 3 })])
      expect(await refusal(await WrittenLog.of([...begin, other]))).toMatchObject({ code: 'HYG-3707' });
  });

  test('are needed, both of them', async () => {
    for (const [only, lacks] of [
      [protocol(), 'metaData'],
      [metaData(), 'protocol'],
    ] as const)
      expect(await refusal(await WrittenLog.of([only, add('a')]))).toMatchObject({
        code: 'HYG-3707',
        why: [`The log has no action ${lacks}.`],
      });
  });

  test.each([
    ['a schema that is not JSON', { schemaString: '{' }, /not JSON/],
    ['a schema that is no struct', { schemaString: '"long"' }, /not a struct/],
    ['a column without a type', { schemaString: '{"type":"struct","fields":[{"name":"a"}]}' }, /Column a is not described/],
    ['a column without a name', { schemaString: '{"type":"struct","fields":[{"type":"long"}]}' }, /Column field 1 has no name/],
    [
      'an unknown nested type',
      { schemaString: '{"type":"struct","fields":[{"name":"a","type":{"type":"array","elementType":{"type":"set"}}}]}' },
      /Column a\.element has a type/,
    ],
    [
      'two columns of one name',
      { schemaString: '{"type":"struct","fields":[{"name":"a","type":"long"},{"name":"A","type":"long"}]}' },
      /a and A have the same name/,
    ],
    ['an unknown partition column', { partitionColumns: ['q'] }, /partition column q is not in the schema/],
    ['another format', { format: { provider: 'csv' } }, /format "csv"/],
  ])('of %s are refused', async (_, more, why) => {
    expect(await refusal(await WrittenLog.of([protocol(), metaData(more)]))).toMatchObject({
      code: 'HYG-3709',
      why: [expect.stringMatching(why)],
    });
  });

  test('of a partitioned table need partition values in each file; empty values are null', async () => {
    const partitioned = [protocol(), metaData({ partitionColumns: ['p'] })];
    const log = await WrittenLog.of([...partitioned, add('a', { partitionValues: { p: '' } }), add('b', { partitionValues: { p: 'x' } })]);
    expect((await snapshotOf(log.access, 'newest')).files.map((file) => file.partitionValues.p)).toEqual([null, 'x']);
    expect(await refusal(await WrittenLog.of([...partitioned, add('a', { partitionValues: null })]))).toMatchObject({ code: 'HYG-3707' });
    expect(await filesOf(await WrittenLog.of([...begin, add('a', { partitionValues: null })]))).toEqual(['a']);
    const checkpointed = await WrittenLog.of();
    await checkpointed.parquet('00000000000000000000.checkpoint.parquet', [...partitioned, add('a', { partitionValues: null })]);
    expect(await refusal(checkpointed)).toMatchObject({ code: 'HYG-3707', why: [expect.stringContaining('a has no partitionValues')] });
    await checkpointed.parquet('00000000000000000000.checkpoint.parquet', [...partitioned, add('a', { partitionValues: {} })]);
    expect(await filesOf(checkpointed)).toEqual(['a']);
  });
});
