/** Whether a text is an id as Azure, Entra and Fabric write it, in capitals or not. */
export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
