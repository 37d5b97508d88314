/** The keys of a Salesforce home, and the values derived from them. */
import * as z from 'zod';
import { typesKey } from '../../frames/type-text.ts';
import { type Auth, isPrivate } from '../requests/auth-config.ts';
import { common } from '../requests/config.ts';

const text = z.string().min(1);
const name = text.regex(/^[A-Za-z]\w*$/, 'the API name, such as Account or Invoice__c');
const fields = z.array(name.meta({ names: 'column' })).nonempty();
const { headers: _headers, origins: _origins, ...shared } = common;

const orgKeys = {
  ...shared,
  base_url: common.base_url.describe(
    'The My Domain address of the org: `https://acme.my.salesforce.com`. The address of a sandbox: `https://acme--test.sandbox.my.salesforce.com`.',
  ),
  api_version: text
    .regex(/^\d{2,3}\.0$/, '"62.0"')
    .describe('The version of the API, in quotes. Versions differ in which objects and fields they show.')
    .default('62.0'),
};

const homeKeys = {
  ...orgKeys,
  table: name.optional().describe('The object that is read, by its API name: `Account`, `Invoice__c`. Default: {entity}.'),
  soql: text
    .optional()
    .describe(
      'A query in SOQL that is read in place of an object: `SELECT Id, Name, Owner.Name FROM Account WHERE IsActive__c = true`. Each run reads all groups of records again (GROUP BY, COUNT).',
    ),
  columns: fields.optional().describe('Only these fields. `Id` is read in any case.'),
  exclude: fields.optional().describe('All fields except these.'),
  where: text
    .optional()
    .describe(
      "Only records of which this is true, in SOQL: `Type = 'Customer' AND IsActive__c = true`. Another condition later is another source.",
    ),
  api: z
    .enum(['auto', 'rest', 'bulk'])
    .default('auto')
    .describe(
      'How hygge reads records. rest: pages of 2,000. bulk: a job of Bulk API 2.0, whose results are large pages. auto: bulk for a first or full load of 50,000 records or more, and for a query that does not fit into an address.',
    ),
  deleted: z
    .boolean()
    .default(false)
    .describe(
      'Records in the recycle bin are read too, marked as deleted: `_deleted` replaces `IsDeleted`. false: hygge does not see deleted records.',
    ),
  types: typesKey.describe(
    'Fields whose type differs from the one that the org reports: `{ Rate__c: "decimal(24, 8)" }`. A currency has more digits than declared, if a program wrote them.',
  ),
  bad_rows: z
    .enum(['fail', 'skip', 'quarantine'])
    .default('fail')
    .describe(
      'A record with a value that its type does not hold: stop, leave it out and count it, or put it into quarantine under _hygge.',
    ),
};

export const connectionConfig = z
  .strictObject({ ...orgKeys, base_url: orgKeys.base_url.optional(), api_version: orgKeys.api_version.unwrap().optional() })
  .superRefine((given, context) => refine(given, context));
export const salesforceConfig = z
  .strictObject(homeKeys)
  .superRefine((given, context) => refine(given, context))
  .describe('The objects of a Salesforce org: [salesforce.md](salesforce.md).');

export type SalesforceConfig = z.infer<typeof salesforceConfig>;

interface Given {
  readonly base_url?: string | undefined;
  readonly auth?: Auth | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly table?: string | undefined;
  readonly soql?: string | undefined;
  readonly where?: string | undefined;
}

function refine({ base_url, auth, columns, exclude, table, soql, where }: Given, context: z.RefinementCtx): void {
  const refuse = (path: readonly string[], message: string) => context.addIssue({ code: 'custom', path: [...path], message });
  if (auth !== undefined && base_url !== undefined && !isPrivate(base_url)) refuse(['base_url'], 'https: a token is sent there');
  if (columns !== undefined && exclude !== undefined) refuse(['exclude'], 'Either columns or exclude, not both');
  if (soql === undefined) return;
  if (table !== undefined) refuse(['soql'], 'Either table or soql, not both');
  if (columns !== undefined || exclude !== undefined || where !== undefined)
    refuse(['soql'], 'soql contains the columns and the filter: without columns, exclude and where');
}
