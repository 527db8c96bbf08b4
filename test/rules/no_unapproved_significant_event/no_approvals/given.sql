select fixture.organization();
select fixture.event('11111111-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}');
