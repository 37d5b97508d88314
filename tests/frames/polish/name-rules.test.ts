import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameBy } from '../../../src/frames/polish/name-rules.ts';
import type { NameRules } from '../../../src/frames/polish/polish.ts';
import { SEED } from '../../support/samples.ts';

const rules = (given: Partial<NameRules>): NameRules => ({ removeSpecial: false, removeSpaces: false, case: null, ...given });

describe('a case joins the words of a name again', () => {
  test.each<[string, string, string, string]>([
    ['Employee Number', 'EmployeeNumber', 'employeeNumber', 'employee_number'],
    ['XMLParser', 'XmlParser', 'xmlParser', 'xml_parser'],
    ['XMLHTTPRequest', 'XmlhttpRequest', 'xmlhttpRequest', 'xmlhttp_request'],
    ['ID2Name', 'Id2name', 'id2name', 'id2name'],
    ['customer-id', 'CustomerId', 'customerId', 'customer_id'],
    ['customer__id_', 'CustomerId', 'customerId', 'customer_id'],
    ['  spaced\tout\u00a0name ', 'SpacedOutName', 'spacedOutName', 'spaced_out_name'],
    ['orderID', 'OrderId', 'orderId', 'order_id'],
    ['ÆbleGrødLAVET', 'ÆbleGrødLavet', 'æbleGrødLavet', 'æble_grød_lavet'],
    ['Größe in m²', 'GrößeInM²', 'größeInM²', 'größe_in_m²'],
    ['ΟδοςΑριθμός', 'ΟδοςΑριθμός', 'οδοςΑριθμός', 'οδος_αριθμός'],
    ['顧客 番号', '顧客番号', '顧客番号', '顧客_番号'],
    ['รหัส สินค้า', 'รหัสสินค้า', 'รหัสสินค้า', 'รหัส_สินค้า'],
    ['𝔘nit Price', '𝔘nitPrice', '𝔘nitPrice', '𝔘nit_price'],
    ['', '', '', ''],
    ['--', '--', '--', '--'],
  ])('%j', (source, pascal, camel, snake) => {
    const by = (kind: NameRules['case']) => nameBy(rules({ case: kind }), source);
    expect([by('pascal'), by('camel'), by('snake')]).toEqual([pascal, camel, snake]);
  });
});

describe('special characters go, letters and digits of every script stay', () => {
  test.each([
    ['Effective-Date (UTC)', 'EffectiveDate UTC'],
    ['Amount (EUR) net', 'Amount net EUR'],
    ['Pris: kr. (inkl. moms)', 'Pris kr inkl moms'],
    ['Børnehjælp #', 'Børnehjælp'],
    ['цена, руб.', 'цена руб'],
    ['価格（円）', '価格円'],
    ['नाम*', 'नाम'],
    ['a_b', 'a_b'],
    ['unclosed (x', 'unclosed x'],
    ['((a) b)', 'b a'],
    ['!!!', '!!!'],
    ['()', '()'],
  ])('%j', (source, name) => {
    expect(nameBy(rules({ removeSpecial: true }), source)).toBe(name);
  });

  test('before words are joined, so that both together make plain names', () => {
    expect(nameBy(rules({ removeSpecial: true, case: 'snake' }), 'Effective-Date (UTC)')).toBe('effective_date_utc');
    expect(nameBy(rules({ removeSpecial: true, case: 'pascal' }), "Don't (ever) stop!")).toBe('DontStopEver');
  });
});

test('spaces go without anything in their place, when nothing else is asked for', () => {
  expect(nameBy(rules({ removeSpaces: true }), ' Employee  Number ')).toBe('EmployeeNumber');
  expect(nameBy(rules({ removeSpaces: true }), 'a-b (c)')).toBe('a-b(c)');
  expect(nameBy(rules({ removeSpaces: true, case: 'pascal' }), 'employee number')).toBe('EmployeeNumber');
});

test('a polished name stays as it is when it is polished again', () => {
  const kinds = fc.constantFrom('snake' as const, 'pascal' as const);
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zæøåA-ZÆØÅ0-9 _\-().#]{1,20}$/), kinds, (source, kind) => {
      const polish = rules({ removeSpecial: true, case: kind });
      const once = nameBy(polish, source);
      expect(nameBy(polish, once).toLowerCase()).toBe(once.toLowerCase());
    }),
    { seed: SEED },
  );
});
