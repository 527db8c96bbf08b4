import { DescribeIpamsCommand, paginateDescribeIpams } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { member, scenarioWith } from '../support/account.js';
import { clients, failure, withSimulator } from './clients.js';

test('IPAMs: of the account that asks, in their own Region, in pages', async () => {
  const ipams = Array.from({ length: 6 }, (_, index) => ({ id: `ipam-0000000000000000${index}`, region: 'us-east-1' }));
  await withSimulator({ scenario: scenarioWith({ ipam: { ipams } }) }, async (simulator) => {
    const { ec2 } = clients(simulator);
    const pages: number[] = [];
    for await (const { Ipams } of paginateDescribeIpams({ client: ec2, pageSize: 5 }, {}))
      pages.push(Ipams?.length ?? 0);
    expect(pages).toEqual([5, 1]);
    const one = await ec2.send(new DescribeIpamsCommand({ IpamIds: ['ipam-00000000000000002'] }));
    expect(one.Ipams).toMatchObject([
      { IpamId: 'ipam-00000000000000002', OwnerId: '111122223333', OperatingRegions: [{ RegionName: 'us-east-1' }] },
    ]);
    const missing = ec2.send(new DescribeIpamsCommand({ IpamIds: ['ipam-0'] }));
    expect((await failure(missing)).name).toBe('InvalidIpamId.NotFound');
    const elsewhere = clients(simulator, { region: 'eu-west-1' }).ec2;
    expect((await elsewhere.send(new DescribeIpamsCommand({}))).Ipams).toEqual([]);
    const asMember = clients(simulator, { account: member }).ec2;
    expect((await asMember.send(new DescribeIpamsCommand({}))).Ipams).toEqual([]);
  });
});
