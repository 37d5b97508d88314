/** The files of a proof: SQL that anyone can run, and the result that it must return. */
import type { Comparison, ComparisonProof, ProofFiles, ProofOfSide, WhyRead } from '../../../ports/answers/comparison.ts';
import { filled, type Instant } from '../../../ports/values.ts';
import { bytes, counted } from '../../text/figures.ts';
import { whyReadText } from './comparison-lines.ts';

/** The Python 3 program of a proof whose SQL returns texts instead of sums. */
const programName = 'row-sum.py';

type SideName = 'source' | 'destination';
const sides: readonly SideName[] = ['source', 'destination'];

/** How a person runs a file, by the connector's type. */
const programs: Readonly<Record<string, (file: string) => string>> = {
  postgres: (file) => `psql -d DATABASE -f ${file}`,
  mysql: (file) => `mariadb --default-character-set=utf8mb4 DATABASE < ${file}    # or: mysql`,
  // Without -x, sqlcmd would replace parts of the statement that look like variables. The older sqlcmd needs -f, because it otherwise reads a file in the code page of the machine. The newer sqlcmd has no -f.
  sqlserver: (file) => `sqlcmd -S SERVER -d DATABASE -x -W -i ${file}    # on Windows, by the sqlcmd of ODBC: -f 65001 as well`,
  duckdb: (file) => `duckdb FILE.duckdb < ${file}`,
  sqlite: (file) => `python3 ${programName} ${file} FILE.db`,
};

/** Names and texts of the files. A side without SQL has an empty file, which replaces the file of an earlier proof. */
export function proofFiles(
  found: Comparison,
  { version, madeAt }: { readonly version: string; readonly madeAt: Instant },
): readonly (readonly [name: string, text: string])[] {
  const { proof, plan } = found;
  if (proof === null || plan === null) throw new Error('a comparison without a proof was to be written');
  const facts = {
    ...{ proof: 'hygge-proof/1', row_sum: 'row-sum/1', hygge: version, made_at: madeAt, flow: found.flow, entity: found.entity },
    ...{ verdict: found.verdict, because: found.because, rows: found.rows, sums: found.sums },
    ...{ scope: plan.scope, columns: plan.columns, key: plan.key, not_compared: plan.not_compared, not_settled: plan.not_settled },
    ...{ source: factsOf(found, 'source', proof.source), destination: factsOf(found, 'destination', proof.destination) },
  };
  // The first file marks the folder as a proof of the entity, even if the other files could not be written.
  return [
    ['sums.json', `${JSON.stringify(facts, null, 2)}\n`],
    ...sides.map((side) => [`${side}.sql`, sqlFile(found, side, proof[side])] as const),
    ...(sides.some((side) => isProgram(proof[side])) ? [[programName, proofProgram] as const] : []),
    ['README.md', readme(found, proof, { version, madeAt })],
  ];
}

/** Whether a program must sum the results of the statement. */
const isProgram = (of: ProofOfSide | WhyRead): boolean => 'sql' in of && of.system === 'sqlite';

function factsOf(found: Comparison, side: SideName, of: ProofOfSide | WhyRead): object {
  if (!('sql' in of)) return { sql: null, why: whyReadText(of) };
  const { where, system, files, answer, columns } = of;
  const { rows, sum } = expectedOf(found, side, of);
  const { address: _, isLocal: __, ...size } = files ?? { address: '', isLocal: true };
  return {
    ...{ where, system, was_run: answer !== null, ...filled({ files: files && size }), rows, sum },
    columns: columns.map((column, at) => ({ ...column, count: answer?.columns[at]?.count ?? null, sum: answer?.columns[at]?.sum ?? null })),
  };
}

interface Expected {
  readonly rows: number | null;
  readonly sum: string | null;
}

/** The result that the statement of a side must return. If the statement was not run, the result comes from the rows that hygge read. Null: hygge did not read all rows of the side. */
function expectedOf({ rows, sums }: Comparison, side: SideName, { answer }: ProofOfSide): Expected {
  if (answer !== null) return answer;
  const readsAll =
    rows !== null &&
    (side === 'source'
      ? rows.left_out + rows.at_watermark === 0
      : rows.updated_since + rows.marked_deleted + rows.deletes_due + rows.last_good === 0);
  return readsAll && sums !== null ? { rows: rows[side], sum: sums[side] } : { rows: null, sum: null };
}

function sqlFile({ flow, entity }: Comparison, side: SideName, of: ProofOfSide | WhyRead): string {
  const head = `-- The ${side} of ${oneLine(`${flow}.${entity}`)}. README.md says how to run this and what the result must be.\n`;
  return 'sql' in of ? `${head}${of.sql};\n` : `${head}-- There is no SQL for it: ${oneLine(whyReadText(of))}.\n`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

function readme(found: Comparison, proof: ComparisonProof, of: { readonly version: string; readonly madeAt: Instant }): string {
  const { flow, entity, plan, rows } = found;
  const notCompared = plan?.not_compared ?? [];
  return `${[
    `# Proof of ${flow}.${entity}`,
    '',
    `hygge ${of.version} compared the source of this entity with its settled rows on ${of.madeAt}. Its answer: **${found.verdict}${found.verdict === 'same' && found.because !== null ? ` ${found.because}` : ''}**.`,
    `The SQL in this folder sums the rows of a side as \`row-sum/1\` defines it, and needs no hygge. It only reads. ${ranText(proof)}`,
    '',
    '| side | place | rows | sum |',
    '| --- | --- | --- | --- |',
    ...sides.map((side) => {
      const one = proof[side];
      if ('sql' in one) {
        const expected = expectedOf(found, side, one);
        return `| ${side} | ${cell(one.where)} | ${expected.rows ?? 'not known'} | ${expected.sum ?? 'not known'} |`;
      }
      return `| ${side} | ${cell(plan?.[side].where ?? '')} | ${rows?.[side] ?? ''} | ${found.sums?.[side] ?? ''} |`;
    }),
    '',
    '## How to run it',
    '',
    ...sides.flatMap((side) => {
      const one = proof[side];
      if (!('sql' in one))
        return [`There is no ${side}.sql to run: ${whyReadText(one)}. hygge read the rows of the ${side} and summed them.`, ''];
      if (one.files !== null) return [...filesText(`${side}.sql`, one.files), ''];
      const run = programs[one.system]?.(`${side}.sql`);
      return ['```sh', run ?? `# run ${side}.sql by a client of ${one.system}`, '```', ''];
    }),
    ...(sides.some((side) => isProgram(proof[side]))
      ? [
          `SQLite has no MD5: its statement returns the texts of the values, and \`${programName}\` sums them. It prints the answer, in one line.`,
        ]
      : []),
    'The answer has one row: `bucket` is 0, `rows` and `sum` are those of the table above, and `count_n` and `sum_n` those of column n below.',
    'The two sides have the same rows if `rows` and `sum` are equal.',
    '',
    ...sides.flatMap((side) => columnTable(side, proof[side])),
    '## What was compared',
    '',
    `- Rows: ${scopeText(found)}`,
    ...(rows && rows.not_yet_due > 0 ? [`- ${rows.not_yet_due} rows of the source were not yet due, and are in no sum.`] : []),
    ...sumsDifferBy(found, proof).map((line) => `- ${line}`),
    ...(notCompared.length > 0
      ? [`- Columns that were not compared: ${notCompared.map(({ column, why }) => `${column} (${why})`).join(', ')}`]
      : []),
    ...((plan?.not_settled.length ?? 0) > 0 ? [`- Columns of the source that have not settled: ${plan?.not_settled.join(', ')}`] : []),
    ...(plan?.source.filtered
      ? ['- The config leaves rows of the source out by a condition (`where`), which is a part of its statement. These rows are in no sum.']
      : []),
    '- If a table was written to since then, it has other sums.',
  ].join('\n')}\n`;
}

/** Rows that only one of the two statements includes in its sum. These rows do not count as differences. */
function sumsDifferBy({ rows }: Comparison, proof: ComparisonProof): readonly string[] {
  if (rows === null) return [];
  const summed = (side: SideName, facts: readonly (readonly [n: number, what: string])[]): readonly string[] => {
    const found = facts.flatMap(([n, what]) => (n > 0 ? [`${counted(n, 'row')} ${what}`] : []));
    if (found.length === 0 || !('sql' in proof[side])) return [];
    return [`The SQL of the ${side} also sums ${found.join(', ')}. The two sums differ by these rows, which hygge does not compare.`];
  };
  return [
    ...summed('source', [
      [rows.left_out, 'that can’t be read or broke a rule'],
      [rows.at_watermark, 'at the watermark that arrived or changed after the last run, and that the next run reads'],
      [rows.kept_as_newer, 'with a newer row of the same key'],
    ]),
    ...summed('destination', [
      [rows.updated_since, 'that the source has changed later'],
      [rows.earlier_versions, 'that are earlier versions'],
      [rows.deletes_due, 'that the source no longer has, before keys are compared'],
      [rows.marked_deleted, 'that are marked as deleted'],
      [rows.deletes_ignored, 'that the source no longer has, and that deletes: ignore keeps'],
      [rows.last_good, 'whose new version does not settle'],
    ]),
  ];
}

/** The sentence about the statements that hygge has run itself. */
function ranText(proof: ComparisonProof): string {
  const notRun = sides.filter((side) => 'sql' in proof[side] && proof[side].answer === null);
  const ran = sides.filter((side) => 'sql' in proof[side] && proof[side].answer !== null);
  if (notRun.length === 0) return 'It is exactly what hygge ran.';
  const not = `hygge did not run ${notRun.map((side) => `${side}.sql`).join(' or ')}: it read the rows itself, and its own sum is below.`;
  return ran.length === 0 ? not : `${ran.map((side) => `${side}.sql`).join(' and ')} is exactly what hygge ran. ${not}`;
}

/** How a person runs a statement on files. */
function filesText(file: string, { count, bytes: size, address, isLocal }: ProofFiles): readonly string[] {
  const start = `The names in ${file} start at ${address}`;
  const how = isLocal
    ? `${start}. Run it in that folder, by a DuckDB that is not older than 1.5:`
    : `${start}. Download the ${counted(count, 'file')} that it names (${bytes(size)}) into a folder, under the same names. Run it in that folder, by a DuckDB that is not older than 1.5:`;
  return [how, '', '```sh', `cd FOLDER && duckdb < PROOF/${file}    # PROOF: the folder of this README`, '```'];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function columnTable(side: SideName, of: ProofOfSide | WhyRead): readonly string[] {
  if (!('sql' in of)) return [];
  const { columns, answer } = of;
  return [
    `## Columns of the ${side}`,
    '',
    '| n | column | settled as | count | sum |',
    '| --- | --- | --- | --- | --- |',
    ...columns.map(({ name, own }, at) => {
      const { count, sum } = answer?.columns[at] ?? { count: 'not known', sum: 'not known' };
      return `| ${at + 1} | ${cell(own)} | ${cell(name)} | ${count} | ${sum} |`;
    }),
    '',
  ];
}

function scopeText({ plan }: Comparison): string {
  if (plan === null || plan.scope.column === null) return 'all rows';
  const { column, from, to, to_included: included } = plan.scope;
  return `${from === null ? '' : `${from} ≤ `}${column}${to === null ? '' : ` ${included ? '≤' : '<'} ${to}`}`;
}

const proofProgram = `"""Sums the rows of a SELECT over an SQLite file as row-sum/1 defines it. It only reads: python3 row-sum.py source.sql FILE.db"""
import hashlib
import pathlib
import sqlite3
import struct
import sys


def text_of(value):
    """The text of a value, as bytes. SQL has made all texts but those of doubles: their bits, without the sign of zero."""
    return struct.pack('>d', value + 0.0).hex().encode() if isinstance(value, float) else value.encode()


def hash_of(text):
    return int.from_bytes(hashlib.md5(text).digest()[:8], 'big', signed=True)


sql, file = sys.argv[1:]
database = sqlite3.connect(pathlib.Path(file).resolve().as_uri() + '?mode=ro', uri=True)
result = database.execute(pathlib.Path(sql).read_text(encoding='utf-8'))
rows, row_sum = 0, 0
columns = [[0, 0] for _ in result.description]
for row in result:
    texts = [None if value is None else text_of(value) for value in row]
    rows += 1
    row_sum += hash_of(b''.join(b'n' if text is None else b'%d:%s' % (len(text), text) for text in texts))
    for column, text in zip(columns, texts):
        if text is not None:
            column[0] += 1
            column[1] += hash_of(text)
print(0, rows, row_sum, *(number for column in columns for number in column))
`;
