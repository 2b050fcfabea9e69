module conference

go 1.19
