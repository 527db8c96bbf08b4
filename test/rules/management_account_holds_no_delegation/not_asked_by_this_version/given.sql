-- One of which AWS says that it refuses the management account, one of which nobody says it.
select fixture.organization();
delete from aws_delegation_services where service_id in ('guardduty', 'macie');
select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations service', '{"list_admin_action": "cloudtrail:ListAdministrators"}');
select fixture.service('network-security-manager', 'AWS Network Security Manager', 'network-security-manager.amazonaws.com', 'service', '{"list_admin_action": "network-security-manager:ListAdminAccounts"}');
update aws_delegation_services set management_account_may_be_admin = false where service_id = 'cloudtrail';
update aws_delegation_services set management_account_may_be_admin = true where service_id = 'network-security-manager';
