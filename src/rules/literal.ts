/** Text as an SQL literal, for files of SQL; queries take parameters. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
