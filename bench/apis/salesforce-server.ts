/**
 * The strict org of the tests, in a process of its own: `salesforce-server.ts <objects> <records of each>`. All objects have the same records. It says where it is on its
 * first line, and ends with its standard input.
 */
import { field, number, SalesforceServer } from '../../tests/support/apis/salesforce/server.ts';

const [, , objects = '1', records = '1000'] = process.argv;

const fields = [
  field('Name', 'string', { length: 80 }),
  field('Amount', 'currency', { precision: 18, scale: 2 }),
  field('StageName', 'picklist', { length: 40 }),
  field('CloseDate', 'date'),
  field('OwnerId', 'reference', { length: 18 }),
  field('Email__c', 'email', { length: 80 }),
];
const stages = ['Prospecting', 'Qualification', 'Closed Won', 'Closed Lost'];
const two = (n: number) => String(n).padStart(2, '0');

const org = new SalesforceServer();
for (let n = 0; n < Number(objects); n++) org.object(`Object${n}__c`, fields);
const [first, ...others] = org.objects.values();
for (let n = 0; n < Number(records); n++) {
  const values = {
    Name: `Opportunity number ${n} of a customer`,
    Amount: number((((n * 37) % 1_000_000) / 100).toFixed(2)),
    StageName: stages[n % 4] ?? null,
    CloseDate: `2026-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
    OwnerId: `0055g00000${String(n % 500).padStart(5, '0')}AAA`,
    Email__c: `person${n}@example.com`,
  };
  org.put('Object0__c', n, values, { stampMs: Date.UTC(2026, 0, 1) + n * 1000 });
}
for (const other of others) for (const [id, record] of first?.records ?? []) other.records.set(id, record);
await org.start();
process.stdout.write(`${org.url}\n`);
process.stdin.resume().once('end', () => {
  for (const one of org.unknown) process.stderr.write(`a request that the documentation does not have: ${one}\n`);
  process.exit(org.unknown.length === 0 ? 0 : 1);
});
