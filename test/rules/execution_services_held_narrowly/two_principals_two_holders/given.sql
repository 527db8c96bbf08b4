-- Each of the two principals of StackSets has an administrator of its own, and nobody has to expect anything for that to be one too many.
select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.delegated('222222222222', 'member.org.stacksets.cloudformation.amazonaws.com');
select fixture.delegated('333333333333', 'stacksets.cloudformation.amazonaws.com');
