-- Known wrong answer: a suspended account still counts as holder.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling', '/', 'SUSPENDED');
select fixture.account('333333333333', 'Closing', '/', 'PENDING_CLOSURE');
select fixture.account('444444444444', 'Frozen', '/', 'RESTRICTED');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
select fixture.delegated(holder, 'backup.amazonaws.com') from unnest(array['222222222222', '333333333333', '444444444444']) as holder;
