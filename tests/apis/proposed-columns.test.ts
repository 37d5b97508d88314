import { expect, test } from 'vitest';
import { proposalOf } from '../../src/apis/proposals/proposal.ts';

/** https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports */
test('of an export, the time by which the API filters it is proposed, and not the one that people see', () => {
  const tickets = [1, 2, 3].map((id) => ({
    id,
    created_at: '2026-01-01T10:00:00Z',
    updated_at: `2026-01-0${id}T10:00:00Z`,
    generated_timestamp: 1_767_600_000 + id,
  }));
  const text = JSON.stringify({ tickets, count: 3, end_of_stream: true });
  const answer = { bytes: Buffer.from(`${text}\0`), length: text.length, url: new URL('https://a.example/x'), header: () => undefined };
  const configured = {
    records: 'tickets',
    types: undefined,
    window: undefined,
    flatten: false,
    separator: '_',
    entity: 'tickets',
  } as const;
  const { increment } = proposalOf(answer, { ...configured, pagination: { type: 'none' } });
  expect(increment).toMatchObject({ column: 'generated_timestamp', key: 'id', lacks: expect.stringContaining('format: epoch_s') });
  expect(increment?.notes.join(' ')).not.toContain('time of creation');
});
