/**
 * For one transaction. Compiling a query that runs once takes longer than the query; and tables that were just filled have
 * no statistics: the planner takes 50,000 accounts for one, and the joins that are right for one take minutes.
 */
export const settingsForManyAccounts =
  'set local jit = off; set local enable_nestloop = off; set local enable_mergejoin = off';
