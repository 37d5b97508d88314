/** What an answer with status 200 says of itself, beside its records. */
import { describe, expect, test } from 'vitest';
import { pageOf } from '../../src/apis/rest/page-of-answer.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';

interface Given {
  readonly records?: string;
  readonly error_at?: string;
  readonly ignore_members?: string[];
  readonly absent_records?: 'empty';
  readonly query?: string;
}

/** `page`, or the code of the error. */
function read(body: unknown, { query = '', records = 'data', ...config }: Given = {}): string {
  const text = JSON.stringify(body);
  const answer = {
    bytes: Buffer.from(`${text}\0`),
    length: Buffer.byteLength(text),
    status: 200,
    url: new URL(`https://api.example.com/items?${query}`),
    date: undefined,
    header: () => undefined,
  };
  try {
    pageOf(answer, 'items, page 3', {
      config: { records, pagination: { type: 'none' }, ...config },
      selectors: [],
      hidden: (one) => one.replaceAll('s3cr3t', '***'),
    });
    return 'page';
  } catch (error) {
    if (!(error instanceof HyggeError)) throw error;
    return `${error.code} ${[error.what, ...error.why, ...error.tryThis].join(' ')}`;
  }
}

const rows = [{ id: 1 }];

describe.each<[string, unknown[]]>([
  ['a page without records', []],
  ['a page with records', rows],
])('%s', (_, data) => {
  test.each<[object]>([
    [{ success: false }],
    [{ success: 'false' }],
    [{ Success: 0 }],
    [{ ok: false }],
    [{ partial_failure: true }],
    [{ warnings: [{ code: 'PARTIAL_RESULTS' }] }],
    [{ warning: 'shard 3 timed out' }],
    [{ meta: { warningMessages: ['The result is incomplete.'] } }],
    [{ isSuccess: false }],
    [{ status: 'error' }],
    [{ status: 'FAILED' }],
    [{ status: 'fail', message: 'x' }],
    [{ status: 500 }],
    [{ status: 'REQUEST_DENIED' }],
    [{ status: 'OVER_QUERY_LIMIT' }],
    [{ status: '503 Service Unavailable' }],
    [{ stat: 'fail' }],
    [{ state: 'failed' }],
    [{ result: 'error' }],
    [{ type: 'error' }],
    [{ code: 500 }],
    [{ code: '404' }],
    [{ code: 'internal_error' }],
    [{ code: 'RATE_LIMITED' }],
    [{ statusCode: 429 }],
    [{ http_status: 502 }],
    [{ errcode: 40001 }],
    [{ errorCode: 'E17' }],
    [{ errorMessages: ['The filter is unknown'] }],
    [{ errorMessage: 'timeout' }],
    [{ error_description: 'expired' }],
    [{ errmsg: 'invalid credential' }],
    [{ fault: { faultstring: 'Rate limit' } }],
    [{ fault: true }],
    [{ Fault: { Error: [{ Message: 'x' }] } }],
    [{ exception: 'java.net.SocketTimeoutException' }],
    [{ hasErrors: true }],
    [{ partial: true }],
    [{ isPartial: true }],
    [{ partial_results: true }],
    [{ incomplete: true }],
    [{ timedOut: true }],
    [{ '@odata.error': { code: 'x' } }],
    [{ failures: [{ shard: 1 }] }],
    [{ meta: { success: false } }],
    [{ meta: { status: 'error', code: 1 } }],
    [{ header: { status: { code: 500 } } }],
    [{ responseStatus: { errorCode: 'Timeout' } }],
  ])('that says %j is none', (around) => {
    expect(read({ ...around, data })).toContain('HYG-3624');
  });

  test.each<[object]>([
    [{ success: true }],
    [{ success: 'true' }],
    [{ success: 1 }],
    [{ ok: true }],
    [{ status: 'ok' }],
    [{ status: 'success', message: 'no records found' }],
    [{ status: 200 }],
    [{ status: 0 }],
    [{ status: 'ZERO_RESULTS' }],
    [{ status: 'no_error' }],
    [{ status: 'active' }],
    [{ status: null }],
    [{ code: 0 }],
    [{ code: '0' }],
    [{ code: 200 }],
    [{ code: 'success' }],
    [{ code: 20000 }],
    [{ code: '' }],
    [{ errcode: 0, errmsg: 'ok' }],
    [{ errorCode: null, errorMessage: null }],
    [{ errorCode: '00000', errorMessage: 'Success' }],
    [{ errorMessages: [], warningMessages: ['JQL is old'], errors: {} }],
    [{ warnings: ['parameter q is deprecated'], warning: 'invalid field ignored' }],
    [{ error: null, errors: [] }],
    [{ error: false, fault: false, exception: null, failed: 0, failures: [], problems: {} }],
    [{ fault: { code: 0, message: '' } }],
    [{ partial: false, incomplete: false, timed_out: false }],
    [{ failed: 3, success: 17 }],
    [{ type: 'list', kind: 'storage#objects', object: 'list' }],
    [{ type: 'failed_payments', kind: 'ErrorList' }],
    [{ message: 'OK' }],
    [{ message: 'The export failed last night and was repaired' }],
    [{ has_more: false, next: null, complete: false }],
    [{ meta: { filters: { status: 'failed' } } }],
    [{ filter: { status: 'failed' }, included: [{ status: 'error' }] }],
    [{ included: { success: false } }],
  ])('that says %j is one', (around) => {
    expect(read({ ...around, data })).toBe('page');
  });

  test('that repeats a parameter, status: failed, is one', () => {
    expect(read({ status: 'failed', data }, { query: 'status=failed' })).toBe('page');
    expect(read({ status: 'failed', data }, { query: 'status=open' })).toContain('HYG-3624');
  });
});

test('members around records that lie deeper count at each depth', () => {
  expect(read({ response: { success: false, items: [] } }, { records: 'response.items' })).toContain('ignore_members: [response.success]');
  expect(read({ ok: false, response: { items: rows } }, { records: 'response.items' })).toContain('ignore_members: [ok]');
});

test('the fields of records are no signs', () => {
  expect(read({ data: [{ success: false, status: 'error', partial: true }] })).toBe('page');
  expect(read([{ success: false }], { records: '.' })).toBe('page');
  expect(read({ success: false, status: 'error' }, { records: '.' })).toBe('page');
});

test('a page that is still being made is none, where it has no records', () => {
  expect(read({ status: 'processing', data: [] })).toContain('HYG-3624');
  expect(read({ status: 'processing', data: rows })).toBe('page');
});

describe('null in the place of the records', () => {
  test.each([{}, { message: '' }, { message: 'OK' }, { code: 0, message: 'success' }, { message: 'No records found.' }, { msg: null }])(
    'is an empty list beside %j',
    (around) => {
      expect(read({ data: null, ...around })).toBe('page');
    },
  );
  test.each([{ message: 'backend timeout' }, { msg: 'try later' }, { detail: 'maintenance' }, { meta: { message: 'busy' } }])(
    'is a failure beside %j',
    (around) => {
      expect(read({ data: null, ...around })).toContain('HYG-3624');
    },
  );
  test('is a failure where the key may be left out, too', () => {
    expect(read({ success: false }, { absent_records: 'empty' })).toContain('HYG-3624');
    expect(read({ message: 'backend timeout' }, { absent_records: 'empty' })).toContain('HYG-3624');
    expect(read({ next: null }, { absent_records: 'empty' })).toBe('page');
  });
});

test('the error shows the message of the answer without secrets', () => {
  const said = read({ success: false, message: 'token s3cr3t has no scope', status: 'error', data: [] });
  expect(said).toContain('Its message: token *** has no scope');
  expect(said).toContain('ignore_members: [success, status]');
  expect(said).not.toContain('s3cr3t');
});

describe('error_at', () => {
  test('says where the answer has its errors, and members of state count next to it', () => {
    expect(read({ errorMessages: ['x'], data: [] }, { error_at: 'problem' })).toBe('page');
    expect(read({ success: false, data: [] }, { error_at: 'problem' })).toContain('HYG-3624');
  });
});

test('ignore_members takes a member out of account, and no other one', () => {
  const body = { success: false, errors: ['x'], incomplete_results: true, data: rows };
  expect(read(body, { ignore_members: ['success', 'errors', 'incomplete_results'] })).toBe('page');
  expect(read(body, { ignore_members: ['success', 'errors'] })).toContain('HYG-3603');
  expect(read(body, { ignore_members: ['errors', 'incomplete_results'] })).toContain('HYG-3624');
});

describe('a run', () => {
  const scene = scriptedScene();
  const failed = '{"success": false, "message": "backend timeout", "data": []}';
  const paged = 'records: data\npagination: { type: page, start: 1 }';
  const good = (page: string | undefined) => `{"success": true, "data": [${Number(page) <= 5 ? `{"id": ${page}}` : ''}]}`;

  test('stops at such an answer, the third page or the only one, and what settled stays', async () => {
    scene.api.script = ({ query }) => ({ body: good(query.page) });
    restFlow(scene.workspace, scene.api.url, { home: paged });
    expect((await here(scene.workspace, 'go')).code).toBe(0);
    scene.api.script = ({ query }) => ({ body: query.page === '3' ? failed : good(query.page) });
    const third = await here(scene.workspace, 'go');
    scene.api.script = () => ({ body: failed });
    const only = await here(scene.workspace, 'go');
    expect([third.error, only.error]).toEqual(['HYG-3624', 'HYG-3624']);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3', '4', '5']);
  });

  test('continues with the line that the error prints', async () => {
    scene.api.script = ({ query }) => ({
      body: Number(query.page) >= 3 ? failed.replace('backend timeout', 'No records found') : good(query.page),
    });
    restFlow(scene.workspace, scene.api.url, { home: paged });
    const ran = await here(scene.workspace, 'go');
    const [line] = /ignore_members: \[[^\]]+\]/.exec(JSON.stringify(ran.events)) ?? [];
    expect(line).toBe('ignore_members: [success]');
    restFlow(scene.workspace, scene.api.url, { home: `${paged}\n${line}` });
    expect((await here(scene.workspace, 'go')).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2']);
  });
});
