-- Known wrong answers: with several administrators only the last is judged; two administrators of one service overwrite each other.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/Workloads}');
select fixture.account('444444444444', 'Backup', '/Security'), fixture.account('555555555555', 'Macie', '/Workloads');
select fixture.delegated('222222222222', 'backup.amazonaws.com'), fixture.delegated('333333333333', 'backup.amazonaws.com'), fixture.delegated('444444444444', 'backup.amazonaws.com');
-- By the service itself alone, in one Region, with a status on its way; by the delegation policy alone.
select fixture.guardduty('555555555555', '{us-east-1}', 'DISABLE_IN_PROGRESS');
select fixture.account('666666666666', 'Policy', '/Security');
select fixture.statement(0, 'Allow', '666666666666', 'organizations:AttachPolicy');
-- Of a principal that the catalogue does not know.
select fixture.account('777777777777', 'New', '/Security');
select fixture.delegated('777777777777', 'brand-new.amazonaws.com');
