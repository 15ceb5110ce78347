module github.com/authbench/authbench/bench

go 1.26.0

replace github.com/authbench/authbench => ../
