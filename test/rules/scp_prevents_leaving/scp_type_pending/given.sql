-- FeatureSet ALL alone does not say that SCPs work.
select fixture.organization('ALL', 'PENDING_ENABLE');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
