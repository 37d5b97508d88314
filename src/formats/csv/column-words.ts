/** Words that people and programs call columns by. They tell names only where no such word stands below them. */

const words =
  'id ids key uuid guid code name names navn nom nombre first last firstname lastname fornavn efternavn vorname nachname surname title titel ' +
  'description beschreibung beskrivelse text note notes comment comments remark remarks date datum dato day month year jahr år time timestamp created updated ' +
  'modified deleted at on from to start end begin valid type typ kind category kategori class group gruppe status state stage level rank ' +
  'country land city by stadt town region county province area zone address adresse street postcode postnr plz zip email mail phone telefon ' +
  'mobile fax url link website domain host ip user username customer kunde client supplier vendor company firma account konto owner author ' +
  'manager employee person member department dept team role product produkt item article artikel sku brand model color colour size unit ' +
  'enhed einheit quantity qty antal menge amount beløb betrag price pris preis cost total sum subtotal tax vat moms discount currency ' +
  'valuta währung balance value værdi wert count number no nr num index order orders ordre invoice line row sequence version source target ' +
  'channel method payment shipping iban bic bank lat lon latitude longitude height width length weight age alder alter gender sex ' +
  'language locale active enabled flag score rating percent share rate min max mean median label tag tags path file filename folder format ' +
  'question answer message subject body field column table variable param parameter property attribute rep sales revenue site store shop branch office brand device sensor event action session amounts';

const common = new Set(words.split(' '));

/** A column may be called so: the word itself, or the last of several (`customer_id`, `createdAt`, `Order date`). */
export function isColumnWord(written: string): boolean {
  const parts = written
    .trim()
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_.\-/#]+/)
    .filter((part) => part !== '');
  const last = parts.at(-1);
  return parts.length <= 4 && last !== undefined && common.has(last);
}
