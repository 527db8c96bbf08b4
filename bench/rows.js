// The rows of the benchmark: twelve columns of text, as long as those of an account, made up one by one so that they take
// no memory of their own.

export const tableName = 'bench_accounts';
export const accountId = '111122223333';

/** Name and AWS-like member of each column but `account_id`, which is the twelfth. */
export const columns = Object.entries({
  arn: 'Arn',
  id: 'Id',
  name: 'Name',
  email: 'Email',
  state: 'State',
  status: 'Status',
  joined_method: 'JoinedMethod',
  joined_timestamp: 'JoinedTimestamp',
  parent_id: 'ParentId',
  ou_path: 'OuPath',
  owner: 'Owner',
});

export const primaryKey = ['account_id', 'arn'];

export function* items(count) {
  for (let index = 0; index < count; index++) {
    const id = String(100_000_000_000 + index);
    yield {
      Arn: `arn:aws:organizations::${accountId}:account/o-exampleorgid/${id}`,
      Id: id,
      Name: `workload-${index}-production`,
      Email: `aws+${index}@example.com`,
      State: 'ACTIVE',
      Status: 'ACTIVE',
      JoinedMethod: index % 7 === 0 ? 'INVITED' : 'CREATED',
      JoinedTimestamp: '2026-02-28T23:59:59.999Z',
      ParentId: `ou-examplerootid-${index % 1000}`,
      OuPath: `/Workloads/Team ${index % 1000}/Production`,
      Owner: `team-${index % 1000}`,
    };
  }
}
