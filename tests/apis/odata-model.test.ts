import fc from 'fast-check';
import { expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { envelopeOf } from '../../src/apis/answers/envelope.ts';
import { ageOf, boundAfter, keyIn, withVersions } from '../../src/apis/odata/changes.ts';
import { odataConfig } from '../../src/apis/odata/config.ts';
import { chainOf, entityAt, readEdm, typeOfProperty } from '../../src/apis/odata/edm.ts';
import { metadataOf } from '../../src/apis/odata/metadata.ts';
import { describeType } from '../../src/frames/describe-type.ts';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { SEED } from '../support/samples.ts';
import { testNetwork } from '../support/test-network.ts';

test.each([
  ["http://host/s/Lines(Order='O''1,2(x)',Position=2)", ['Order', 'Position'], { Order: "O'1,2(x)", Position: '2' }],
  ['http://host/s/Customers(5)', ['ID'], { ID: '5' }],
  ["Customers('A%20B')", ['ID'], { ID: 'A B' }],
  ["Customers(ID='x=y')", ['ID'], { ID: 'x=y' }],
  ['http://host/s/customers/5', ['ID'], { ID: '5' }],
  // Dataverse writes the key alone.
  ['2e451703-1f2a-4c61-9a01-000000000001', ['accountid'], { accountid: '2e451703-1f2a-4c61-9a01-000000000001' }],
  ['http://host/s/Lines(2)', ['Order', 'Position'], undefined],
])('the key in %s', (address, keys, found) => {
  expect(keyIn(address, keys)).toEqual(found);
});

test('any key is found in the address that it makes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer(), (text, n) => {
      const address = `http://h/s/Lines(Order='${encodeURIComponent(text.replaceAll("'", "''"))}',Position=${n})`;
      expect(keyIn(address, ['Order', 'Position'])).toEqual({ Order: text, Position: String(n) });
    }),
    { seed: SEED },
  );
});

test('bounds rise, whatever the clock does, and tell their age', () => {
  const first = boundAfter(null, 1_795_715_133_999);
  expect(first).toBe('1795715133999999999');
  expect(boundAfter(first, 1_795_715_133_999)).toBe('1795715134999999999');
  expect(boundAfter(first, 5)).toBe('1795715134999999999');
  expect(ageOf(first, 1_795_715_143_000)).toBe(10_000);
});

function page(text: string) {
  const bytes = Buffer.from(`${text}\0`);
  const { records = [], values } = envelopeOf({ bytes, length: bytes.length - 1 }, ['value'], []);
  return { body: { bytes, length: bytes.length - 1 }, records, values, url: new URL('http://h/'), name: 'page 1', header: () => undefined };
}

test.each([
  ['4.01', '{"@removed":{"reason":"deleted"},"@id":"S(4)","ID":4}'],
  ['4.01, by its address alone', '{"@removed":{"reason":"changed"},"@id":"S(4)"}'],
  ['4.01 with the prefix', '{"@odata.removed":{"reason":"deleted"},"@odata.id":"S(4)"}'],
  ['4.0', '{"@odata.context":"$metadata#S/$deletedEntity","id":"http://h/S(4)","reason":"deleted"}'],
])('a removed record is none that changed: %s', (_, entry) => {
  const of = { from: 0, read: 10, window: { lower: { text: '1', inclusive: false }, upper: { text: '5999999999', inclusive: true } } };
  const link = '{"@odata.context":"$metadata#S/$link","source":"S(4)","relationship":"R","target":"T(1)"}';
  const made = withVersions(page(`{"value":[{"@odata.etag":"x","ID":3,"N":null},${link},${entry}]}`), of, {
    entity: 'f.S',
    columns: ['ID', 'N'],
    keys: ['ID'],
  });
  expect(JSON.parse(`[${made.body.bytes.toString('utf8', 0, made.body.length)}]`)).toEqual([
    { _change_version: 5_000_000_011, _deleted: false, ID: 3, N: null },
    { _change_version: 5_000_000_013, _deleted: true, ID: expect.toSatisfy((id) => String(id) === '4') },
  ]);
});

// As Dataverse, Business Central and SAP write it: an alias, bases, a type of another document, one that is open.
const document = `<?xml version="1.0"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="vocabulary.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/></edmx:Reference>
<edmx:DataServices><Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="base" Abstract="true" OpenType="true"/>
<EntityType Name="account" BaseType="mscrm.base"><Key><PropertyRef Name="accountid"/></Key>
<Property Name="accountid" Type="Edm.Guid"/><Property Name="price" Type="Edm.Decimal" Scale="Variable"/><Property Name="rate" Type="Edm.Decimal" Precision="5"/>
<Property Name="address" Type="mscrm.Address"/><Property Name="self" Type="mscrm.Tree"/><Property Name="tags" Type="Collection(mscrm.Label)"/><Property Name="where" Type="Other.Point"/>
<Property Name="picture" Type="Edm.Stream"/>
<NavigationProperty Name="contacts" Type="Collection(mscrm.contact)"/></EntityType>
<EntityType Name="contact"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Int32" Nullable="false"><Annotation Term="Core.Description" String="a &amp; b"/></Property></EntityType>
<ComplexType Name="Address"><Property Name="Street" Type="Edm.String"/></ComplexType>
<ComplexType Name="Tree"><Property Name="inside" Type="mscrm.Tree"/><Property Name="n" Type="Edm.Int16"/></ComplexType>
<TypeDefinition Name="Label" UnderlyingType="Edm.String" MaxLength="5"/>
<EntityContainer Name="System"><EntitySet Name="accounts" EntityType="mscrm.account"/><Singleton Name="me" Type="mscrm.contact"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`;

test('metadata with aliases, bases, definitions and types of other documents', () => {
  const edm = readEdm(document);
  const accounts = entityAt(edm, 'accounts');
  expect([accounts?.keys, accounts?.isOpen]).toEqual([['accountid'], true]);
  const types = accounts?.properties.map((property) => {
    const type = typeOfProperty(edm, property);
    return `${property.name} ${type === null ? '–' : describeType(type)}`;
  });
  expect(types?.filter((type) => !type.startsWith('self'))).toEqual([
    'accountid uuid',
    'price string',
    'rate decimal(5,0)',
    'address struct<Street: string>',
    'tags list<string>',
    'where json',
    'picture –',
  ]);
  // Objects that hold each other end somewhere.
  expect(types?.find((type) => type.startsWith('self'))).toMatch(/json, n: int16>+$|inside: json/);
  expect(entityAt(edm, 'accounts(1)/contacts')?.keys).toEqual(['id']);
  expect(entityAt(edm, 'accounts/{id}/contacts')?.keys).toEqual(['id']);
  expect(entityAt(edm, 'me')?.keys).toEqual(['id']);
  for (const path of ['Accounts', 'accounts/5', 'accounts(1)/nothing', '']) expect(entityAt(edm, path)).toBeUndefined();
  expect(chainOf(edm, 'Microsoft.Dynamics.CRM.account').length).toBe(2);
});

test('entities of a process share one request for the metadata, and one that failed is made again', async () => {
  let answers = 0;
  await using api = await scriptedApi(() => ({ body: answers++ === 0 ? '<html>' : document }));
  const config = odataConfig.parse({ base_url: api.url });
  const around = { network: testNetwork, clock: realClock() };
  const both = () => Promise.allSettled([metadataOf(config, around), metadataOf(config, around)]);
  expect((await both()).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await both()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  expect(answers).toBe(2);
});

test('metadata that one token shows is not shown for another', async () => {
  await using api = await scriptedApi(() => ({ body: document }));
  const around = { network: testNetwork, clock: realClock() };
  for (const token of ['one', 'two', 'one'])
    await metadataOf(odataConfig.parse({ base_url: api.url, auth: { type: 'bearer', token } }), around);
  expect(api.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);
});
