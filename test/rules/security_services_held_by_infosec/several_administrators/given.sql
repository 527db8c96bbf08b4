select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');

-- Known wrong answer: with several administrators only the last is judged. (And two of one service do not overwrite each other.)
select fixture.trusted('config.amazonaws.com');
select fixture.delegated('222222222222', 'config.amazonaws.com');
select fixture.delegated('333333333333', 'config.amazonaws.com');
