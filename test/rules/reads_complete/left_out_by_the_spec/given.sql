-- And a Region that is off, and an answer "none".
select fixture.organization();
select fixture.read('aws_organizations_handshakes', 'skipped', region => '');
select fixture.read('aws_organization_resource_policies', 'absent', code => 'ResourcePolicyNotFoundException');
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'ap-east-1', code => 'RegionDisabled');
