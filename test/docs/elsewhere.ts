/** Blocks that are not run with the others, and why. */
export const elsewhere: readonly {
  readonly page: string;
  /** What stands in the block, and in no other of the page. */
  readonly has: string;
  readonly why: string;
  /** The file that runs the same. */
  readonly by?: string;
}[] = [
  { page: 'README.md', has: 'npm run demo', why: 'these two are all of the project', by: '.ci/run' },
  {
    page: 'docs/commands.md',
    has: 'npm install --prefix old',
    why: 'it needs an embedded database that PostgreSQL 17 has filled; tried by hand with 15 and 17',
  },
  {
    page: 'docs/commands.md',
    has: 'aws-delegation package',
    why: 'it builds images, and publishes them',
    by: 'test/cli/hub_package.test.ts',
  },
  {
    page: 'docs/database.md',
    has: 'password aws_delegation_writer',
    why: 'psql asks for the passwords on a terminal',
    by: 'test/security/roles.test.ts',
  },
  {
    page: 'docs/database.md',
    has: 'reader_only=on',
    why: 'psql asks for the password on a terminal',
    by: 'test/security/roles.test.ts',
  },
];
